-- Who may see a file (M35, M36): access groups, shares, and the one rule over both, as row-level security.
-- What a file is about (M14, M44): subjects, and the events that attach files to them.

CREATE TABLE access_groups (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  name       text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT access_groups_name UNIQUE (tenant_id, name)
);

CREATE TABLE access_group_members (
  tenant_id uuid NOT NULL,
  user_id   uuid NOT NULL,
  group_id  uuid NOT NULL,
  added_at  timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id, group_id),
  CONSTRAINT access_group_members_group FOREIGN KEY (tenant_id, group_id) REFERENCES access_groups (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX access_group_members_by_group ON access_group_members (tenant_id, group_id, user_id);

CREATE TABLE shares (
  tenant_id  uuid NOT NULL,
  file_id    uuid NOT NULL,
  user_id    uuid NOT NULL,
  granted_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3),
  PRIMARY KEY (tenant_id, file_id, user_id),
  FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id)
);

ALTER TABLE files
  ADD COLUMN access_group_id uuid,
  ADD CONSTRAINT files_access_group FOREIGN KEY (tenant_id, access_group_id) REFERENCES access_groups (tenant_id, id);
ALTER TABLE files
  ADD COLUMN IF NOT EXISTS notes text,
  ADD COLUMN is_valid boolean NOT NULL DEFAULT true;
CREATE INDEX files_by_access_group ON files (tenant_id, access_group_id) WHERE access_group_id IS NOT NULL;

CREATE TABLE subject_links (
  tenant_id    uuid NOT NULL,
  file_id      uuid NOT NULL,
  subject_type text NOT NULL CHECK (subject_type ~ '^[a-z][a-z0-9_-]{0,63}$'),
  subject_id   text NOT NULL CHECK (length(subject_id) BETWEEN 1 AND 128),
  created_by   text NOT NULL,
  created_at   timestamptz(3) NOT NULL DEFAULT now(),
  -- Null: of an upload into the subject that is not confirmed yet.
  linked_at    timestamptz(3),
  PRIMARY KEY (tenant_id, file_id, subject_type, subject_id),
  FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id)
);
CREATE INDEX subject_links_by_subject ON subject_links (tenant_id, subject_type, subject_id, linked_at, file_id) WHERE linked_at IS NOT NULL;

-- ---------------------------------------------------------------------------------------------------------------------
-- The actor of a step. `actor` is 'user:<uuid>' or 'system:<process>'; `groups` and `isAdmin` are what the user's token says.

CREATE OR REPLACE FUNCTION enter(p_context jsonb) RETURNS void LANGUAGE sql VOLATILE AS $$
  SELECT set_config('app.tenant_id', coalesce(p_context ->> 'tenantId', ''), true),
         set_config('app.actor', coalesce(p_context ->> 'actor', ''), true),
         set_config('app.groups', translate(coalesce(p_context ->> 'groups', '[]'), '[]" ', '{}'), true),
         set_config('app.is_admin', coalesce(p_context ->> 'isAdmin', ''), true),
         set_config('app.request_id', coalesce(p_context ->> 'requestId', ''), true),
         set_config('app.traceparent', coalesce(p_context ->> 'traceparent', ''), true);
$$;

-- Null for a process and for nobody.
CREATE FUNCTION actor_id() RETURNS uuid LANGUAGE sql STABLE
RETURN CASE WHEN current_setting('app.actor', true) LIKE 'user:%' THEN substr(current_setting('app.actor', true), 6)::uuid END;

CREATE FUNCTION actor_groups() RETURNS uuid[] LANGUAGE sql STABLE
RETURN coalesce(nullif(current_setting('app.groups', true), ''), '{}')::uuid[];

-- Administrators and our own processes. Unset: nobody, so a step that forgot to enter sees no group's files.
CREATE FUNCTION actor_sees_all() RETURNS boolean LANGUAGE sql STABLE
RETURN coalesce(current_setting('app.is_admin', true) = 'true' OR current_setting('app.actor', true) LIKE 'system:%', false);

-- ---------------------------------------------------------------------------------------------------------------------
-- The rule. A file is within reach of whoever may change it: it has no group, or the actor is in its group (by the token or by
-- membership), made the file, or sees all. It is visible to these and to whom it is shared with. A share never lets anybody write.
-- What hangs on a file follows the file. The parts that do not depend on the row are sub-selects: computed once a statement.

DO $$
DECLARE
  v_tenant text := 'tenant_id = (SELECT current_tenant())';
  v_reach text := $rule$(
    f.access_group_id IS NULL
    OR (SELECT actor_sees_all())
    OR f.created_by = (SELECT actor_id())
    OR f.access_group_id = ANY ((SELECT actor_groups())::uuid[])
    OR EXISTS (SELECT 1 FROM access_group_members m
                WHERE m.tenant_id = f.tenant_id AND m.user_id = (SELECT actor_id()) AND m.group_id = f.access_group_id))$rule$;
  v_shared text := $rule$EXISTS (
    SELECT 1 FROM shares s
     WHERE s.tenant_id = f.tenant_id AND s.file_id = f.id AND s.user_id = (SELECT actor_id())
       AND (s.expires_at IS NULL OR s.expires_at > now()))$rule$;
  v_of_file text := $rule$((SELECT actor_sees_all()) OR EXISTS (SELECT 1 FROM files f WHERE f.tenant_id = %1$I.tenant_id AND f.id = %1$I.file_id%2$s))$rule$;
  t text;
BEGIN
  DROP POLICY tenant ON files;
  EXECUTE format('CREATE POLICY visible ON files FOR SELECT USING (%s AND (%s OR %s))',
                 v_tenant, replace(v_reach, 'f.', 'files.'), replace(v_shared, 'f.', 'files.'));
  EXECUTE format('CREATE POLICY made ON files FOR INSERT WITH CHECK (%s)', v_tenant);
  EXECUTE format('CREATE POLICY within_reach ON files FOR UPDATE USING (%1$s AND %2$s) WITH CHECK (%1$s)',
                 v_tenant, replace(v_reach, 'f.', 'files.'));

  DROP POLICY tenant ON file_versions;
  EXECUTE format('CREATE POLICY visible ON file_versions FOR SELECT USING (%s AND %s)', v_tenant, format(v_of_file, 'file_versions', ''));
  EXECUTE format('CREATE POLICY made ON file_versions FOR INSERT WITH CHECK (%s AND %s)',
                 v_tenant, format(v_of_file, 'file_versions', ' AND ' || v_reach));
  EXECUTE format('CREATE POLICY within_reach ON file_versions FOR UPDATE USING (%1$s AND %2$s) WITH CHECK (%1$s)',
                 v_tenant, format(v_of_file, 'file_versions', ' AND ' || v_reach));

  EXECUTE format('CREATE POLICY visible ON subject_links FOR SELECT USING (%s AND %s)', v_tenant, format(v_of_file, 'subject_links', ''));
  EXECUTE format('CREATE POLICY within_reach ON subject_links USING (%1$s AND %2$s) WITH CHECK (%1$s AND %2$s)',
                 v_tenant, format(v_of_file, 'subject_links', ' AND ' || v_reach));
  ALTER TABLE subject_links ENABLE ROW LEVEL SECURITY;
  ALTER TABLE subject_links FORCE ROW LEVEL SECURITY;
  GRANT SELECT, INSERT, UPDATE, DELETE ON subject_links TO custody_app;

  -- What the rule itself reads cannot ask the rule again: these know the tenant only, and their functions ask who acts.
  FOREACH t IN ARRAY ARRAY['access_groups', 'access_group_members', 'shares'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (%s) WITH CHECK (%s)', t, v_tenant, v_tenant);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO custody_app', t);
  END LOOP;

  EXECUTE format($f$
    CREATE FUNCTION may_write_file(p_file uuid) RETURNS boolean LANGUAGE sql STABLE AS $body$
      SELECT EXISTS (SELECT 1 FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file AND %s) $body$ $f$, v_reach);
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- A file enters or leaves a group by whatever door: the group must be the tenant's, and whoever moves it must be able to see the
-- file afterwards. Anything else answers as a group that does not exist. The change is written down.

CREATE FUNCTION guard_access_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.access_group_id IS NOT NULL AND NOT (
       actor_sees_all() OR NEW.created_by = actor_id() OR NEW.access_group_id = ANY (actor_groups())
       OR EXISTS (SELECT 1 FROM access_group_members m
                   WHERE m.tenant_id = NEW.tenant_id AND m.user_id = actor_id() AND m.group_id = NEW.access_group_id)) THEN
    RAISE EXCEPTION 'access group % is not within reach', NEW.access_group_id
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'files_access_group';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION follow_access_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_log (tenant_id, actor, action, file_id, request_id, detail)
  VALUES (NEW.tenant_id, coalesce(nullif(current_setting('app.actor', true), ''), 'system:' || current_user), 'file.access_group_changed',
          NEW.id, nullif(current_setting('app.request_id', true), ''),
          jsonb_build_object('from', OLD.access_group_id, 'to', NEW.access_group_id));
  RETURN NULL;
END $$;

CREATE TRIGGER guard_group BEFORE UPDATE OF access_group_id ON files FOR EACH ROW
  WHEN (OLD.access_group_id IS DISTINCT FROM NEW.access_group_id) EXECUTE FUNCTION guard_access_group();
CREATE TRIGGER follow_group AFTER UPDATE OF access_group_id ON files FOR EACH ROW
  WHEN (OLD.access_group_id IS DISTINCT FROM NEW.access_group_id AND NEW.purged_at IS NULL) EXECUTE FUNCTION follow_access_group();

-- As it was, but for those who may write: a share does not let anybody confirm.
CREATE OR REPLACE FUNCTION find_upload(p_context jsonb, p_file uuid, p_version uuid) RETURNS SETOF file_versions LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM file_versions v
    WHERE v.tenant_id = current_tenant() AND v.file_id = p_file AND (p_version IS NULL OR v.id = p_version) AND may_write_file(p_file)
    ORDER BY v.created_at DESC LIMIT 1;
END $$;

-- Undoes a delete as long as no purge has begun: a claimed purge may be removing the bytes right now (I1). A file whose folder is gone
-- comes back in the root. No row: no such file, or none the actor may write; one that was not deleted is returned as it is.
CREATE FUNCTION restore_file(p_context jsonb, p_file uuid) RETURNS SETOF file_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE files f SET deleted_at = NULL,
         folder_id = CASE WHEN folder_path(f.tenant_id, f.folder_id) IS NOT NULL THEN f.folder_id END
   WHERE f.tenant_id = current_tenant() AND f.id = p_file
     AND f.deleted_at IS NOT NULL AND f.purged_at IS NULL AND f.purge_retry_at IS NULL;
  IF FOUND THEN
    INSERT INTO audit_log (tenant_id, actor, action, file_id, request_id)
      VALUES (current_tenant(), p_context ->> 'actor', 'file.restored', p_file, p_context ->> 'requestId');
  END IF;
  RETURN QUERY SELECT * FROM file_details d WHERE d.tenant_id = current_tenant() AND d.file_id = p_file AND may_write_file(p_file);
END $$;

-- A file's view gains its group, its validity and its subjects.
CREATE OR REPLACE VIEW file_details WITH (security_invoker = true) AS
  SELECT f.tenant_id, f.id AS file_id, f.bucket, f.filename, f.metadata, f.created_by, f.created_at, f.updated_at,
         v.id AS version_id, v.state, v.reject_reason, v.reject_detail, v.mime_type, v.declared_mime_type, v.declared_size,
         v.declared_sha256, v.store_version, v.size, v.sha256, v.verdict, v.coverage, v.engine_version, v.signature_version,
         v.scanned_at,
         f.folder_id, p.folder_path, f.notes,
         f.revision || '-' || left(md5(concat_ws(' ', v.id, v.state, v.size, p.folder_path)), 8) AS entity_tag,
         f.access_group_id, f.is_valid, s.subjects
  FROM files f
  JOIN LATERAL (
    SELECT * FROM file_versions x
    WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id
    ORDER BY (x.id = f.current_version_id) DESC NULLS LAST, x.created_at DESC LIMIT 1
  ) v ON true
  CROSS JOIN LATERAL (SELECT CASE WHEN f.folder_id IS NULL THEN '/' ELSE folder_path(f.tenant_id, f.folder_id) END AS folder_path OFFSET 0) p
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object('type', l.subject_type, 'id', l.subject_id)
                              ORDER BY l.linked_at, l.subject_type, l.subject_id), '[]') AS subjects
    FROM subject_links l WHERE l.tenant_id = f.tenant_id AND l.file_id = f.id AND l.linked_at IS NOT NULL
  ) s
  WHERE f.deleted_at IS NULL;

-- The members that p_changes has; no row: no such file. p_if_match: the entity tags that may be changed, NULL for any.
-- The triggers above guard the access group and write its change down.
CREATE FUNCTION update_file(p_context jsonb, p_file uuid, p_changes jsonb, p_if_match text[]) RETURNS SETOF file_details LANGUAGE plpgsql AS $$
DECLARE
  v_old files;
  v_new files;
  v_changed text[];
BEGIN
  PERFORM enter(p_context);
  SELECT * INTO v_old FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF p_if_match IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM file_details d WHERE d.tenant_id = current_tenant() AND d.file_id = p_file AND d.entity_tag = ANY (p_if_match)) THEN
    PERFORM refuse('PRECONDITION_FAILED');
  END IF;
  v_new := v_old;
  IF p_changes ? 'filename' THEN v_new.filename := p_changes ->> 'filename'; END IF;
  IF p_changes ? 'folderId' THEN v_new.folder_id := (p_changes ->> 'folderId')::uuid; END IF;
  IF p_changes ? 'metadata' THEN v_new.metadata := p_changes -> 'metadata'; END IF;
  IF p_changes ? 'notes' THEN v_new.notes := p_changes ->> 'notes'; END IF;
  IF p_changes ? 'accessGroupId' THEN v_new.access_group_id := (p_changes ->> 'accessGroupId')::uuid; END IF;
  IF v_new.folder_id IS NOT NULL AND v_new.folder_id IS DISTINCT FROM v_old.folder_id THEN
    PERFORM hold_folder(current_tenant(), v_new.folder_id);
  END IF;
  v_changed := array_remove(ARRAY[
    CASE WHEN v_new.filename <> v_old.filename THEN 'filename' END,
    CASE WHEN v_new.folder_id IS DISTINCT FROM v_old.folder_id THEN 'folderId' END,
    CASE WHEN v_new.metadata <> v_old.metadata THEN 'metadata' END,
    CASE WHEN v_new.notes IS DISTINCT FROM v_old.notes THEN 'notes' END,
    CASE WHEN v_new.access_group_id IS DISTINCT FROM v_old.access_group_id THEN 'accessGroupId' END], NULL);
  IF cardinality(v_changed) > 0 THEN
    UPDATE files f SET filename = v_new.filename, folder_id = v_new.folder_id, metadata = v_new.metadata, notes = v_new.notes,
           access_group_id = v_new.access_group_id
     WHERE f.tenant_id = current_tenant() AND f.id = p_file;
    -- Metadata and notes may hold anything: that they changed is written down, not what they say.
    INSERT INTO audit_log (tenant_id, actor, action, file_id, request_id, detail)
      VALUES (current_tenant(), p_context ->> 'actor', 'file.updated', p_file, p_context ->> 'requestId', jsonb_build_object(
        'changed', v_changed,
        'before', jsonb_build_object('filename', v_old.filename, 'folderId', v_old.folder_id),
        'after', jsonb_build_object('filename', v_new.filename, 'folderId', v_new.folder_id)));
  END IF;
  RETURN QUERY SELECT * FROM file_details d WHERE d.tenant_id = current_tenant() AND d.file_id = p_file;
END $$;


-- Where a new upload belongs, in the transaction that made it. p_placement: {accessGroupId?, subject?: {type, id}}.
-- The link to the subject counts from the confirm on.
CREATE FUNCTION place_file(p_context jsonb, p_file uuid, p_placement jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  IF p_placement ? 'accessGroupId' THEN
    UPDATE files f SET access_group_id = (p_placement ->> 'accessGroupId')::uuid WHERE f.tenant_id = current_tenant() AND f.id = p_file;
  END IF;
  IF p_placement ? 'subject' THEN
    INSERT INTO subject_links (tenant_id, file_id, subject_type, subject_id, created_by)
      VALUES (current_tenant(), p_file, p_placement #>> '{subject,type}', p_placement #>> '{subject,id}', p_context ->> 'actor');
  END IF;
  RETURN true;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Access groups. The doors in front of these ask for files:admin.

CREATE FUNCTION write_down(p_context jsonb, p_action text, p_file uuid, p_detail jsonb) RETURNS void LANGUAGE sql VOLATILE AS $$
  INSERT INTO audit_log (tenant_id, actor, action, file_id, request_id, detail)
  VALUES (current_tenant(), p_context ->> 'actor', p_action, p_file, p_context ->> 'requestId', p_detail);
$$;

CREATE FUNCTION create_access_group(p_context jsonb, p_group uuid, p_name text) RETURNS SETOF access_groups LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  PERFORM write_down(p_context, 'access_group.created', NULL, jsonb_build_object('groupId', p_group, 'name', p_name));
  RETURN QUERY INSERT INTO access_groups (tenant_id, id, name) VALUES (current_tenant(), p_group, p_name) RETURNING *;
END $$;

CREATE FUNCTION find_access_group(p_context jsonb, p_group uuid) RETURNS SETOF access_groups LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM access_groups g WHERE g.tenant_id = current_tenant() AND g.id = p_group;
END $$;

-- By name; after the given name, from the first when null.
CREATE FUNCTION list_access_groups(p_context jsonb, p_after text, p_limit integer) RETURNS SETOF access_groups LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM access_groups g
    WHERE g.tenant_id = current_tenant() AND g.name > coalesce(p_after, '') ORDER BY g.name LIMIT p_limit;
END $$;

CREATE FUNCTION rename_access_group(p_context jsonb, p_group uuid, p_name text) RETURNS SETOF access_groups LANGUAGE plpgsql AS $$
DECLARE
  v_group access_groups;
BEGIN
  PERFORM enter(p_context);
  SELECT * INTO v_group FROM access_groups g WHERE g.tenant_id = current_tenant() AND g.id = p_group FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF v_group.name <> p_name THEN
    UPDATE access_groups g SET name = p_name, updated_at = now() WHERE g.tenant_id = current_tenant() AND g.id = p_group RETURNING * INTO v_group;
    PERFORM write_down(p_context, 'access_group.renamed', NULL, jsonb_build_object('groupId', p_group, 'name', p_name));
  END IF;
  RETURN NEXT v_group;
END $$;

-- 'deleted', 'used' while a file that can still be had or restored is in it, or 'absent'. The foreign key decides, whoever files
-- something into the group meanwhile.
CREATE FUNCTION delete_access_group(p_context jsonb, p_group uuid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE files f SET access_group_id = NULL WHERE f.tenant_id = current_tenant() AND f.access_group_id = p_group AND f.purged_at IS NOT NULL;
  DELETE FROM access_groups g WHERE g.tenant_id = current_tenant() AND g.id = p_group;
  IF NOT FOUND THEN
    RETURN 'absent';
  END IF;
  PERFORM write_down(p_context, 'access_group.deleted', NULL, jsonb_build_object('groupId', p_group));
  RETURN 'deleted';
EXCEPTION WHEN foreign_key_violation THEN
  RETURN 'used';
END $$;

CREATE FUNCTION list_access_group_members(p_context jsonb, p_group uuid, p_after uuid, p_limit integer)
RETURNS SETOF access_group_members LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM access_group_members m
    WHERE m.tenant_id = current_tenant() AND m.group_id = p_group AND m.user_id > coalesce(p_after, '00000000-0000-0000-0000-000000000000')
    ORDER BY m.user_id LIMIT p_limit;
END $$;

-- False: no such group.
CREATE FUNCTION add_access_group_member(p_context jsonb, p_group uuid, p_user uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  PERFORM 1 FROM access_groups g WHERE g.tenant_id = current_tenant() AND g.id = p_group FOR KEY SHARE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO access_group_members (tenant_id, user_id, group_id) VALUES (current_tenant(), p_user, p_group) ON CONFLICT DO NOTHING;
  IF FOUND THEN
    PERFORM write_down(p_context, 'access_group.member_added', NULL, jsonb_build_object('groupId', p_group, 'userId', p_user));
  END IF;
  RETURN true;
END $$;

-- False: no such group, or no such member.
CREATE FUNCTION remove_access_group_member(p_context jsonb, p_group uuid, p_user uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  DELETE FROM access_group_members m WHERE m.tenant_id = current_tenant() AND m.group_id = p_group AND m.user_id = p_user;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM write_down(p_context, 'access_group.member_removed', NULL, jsonb_build_object('groupId', p_group, 'userId', p_user));
  RETURN true;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Shares, by the one who made the file and by administrators. `outcome`: 'done', 'absent' (nothing the actor can see), 'refused'.

CREATE FUNCTION share_permission(p_file uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT CASE WHEN actor_sees_all() OR f.created_by = actor_id() THEN 'done' ELSE 'refused' END
                     FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NULL), 'absent');
$$;

CREATE FUNCTION put_share(p_context jsonb, p_file uuid, p_user uuid, p_expires_at timestamptz)
RETURNS TABLE (outcome text, user_id uuid, granted_by text, created_at timestamptz, expires_at timestamptz) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_outcome text;
BEGIN
  PERFORM enter(p_context);
  v_outcome := share_permission(p_file);
  IF v_outcome <> 'done' THEN
    RETURN QUERY SELECT v_outcome, NULL::uuid, NULL::text, NULL::timestamptz, NULL::timestamptz;
    RETURN;
  END IF;
  PERFORM write_down(p_context, 'file.shared', p_file, jsonb_build_object('userId', p_user, 'expiresAt', p_expires_at));
  RETURN QUERY INSERT INTO shares AS s (tenant_id, file_id, user_id, granted_by, expires_at)
    VALUES (current_tenant(), p_file, p_user, p_context ->> 'actor', p_expires_at)
    ON CONFLICT (tenant_id, file_id, user_id) DO UPDATE SET granted_by = excluded.granted_by, expires_at = excluded.expires_at
    RETURNING v_outcome, s.user_id, s.granted_by, s.created_at::timestamptz, s.expires_at::timestamptz;
END $$;

CREATE FUNCTION list_shares(p_context jsonb, p_file uuid)
RETURNS TABLE (outcome text, user_id uuid, granted_by text, created_at timestamptz, expires_at timestamptz) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_outcome text;
BEGIN
  PERFORM enter(p_context);
  v_outcome := share_permission(p_file);
  RETURN QUERY SELECT v_outcome, s.user_id, s.granted_by, s.created_at::timestamptz, s.expires_at::timestamptz
    FROM (SELECT 1) one LEFT JOIN shares s ON v_outcome = 'done' AND s.tenant_id = current_tenant() AND s.file_id = p_file
    ORDER BY s.created_at, s.user_id;
END $$;

-- 'done', 'absent', 'refused', or 'unshared' when there was no such share.
CREATE FUNCTION delete_share(p_context jsonb, p_file uuid, p_user uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_outcome text;
BEGIN
  PERFORM enter(p_context);
  v_outcome := share_permission(p_file);
  IF v_outcome <> 'done' THEN
    RETURN v_outcome;
  END IF;
  DELETE FROM shares s WHERE s.tenant_id = current_tenant() AND s.file_id = p_file AND s.user_id = p_user;
  IF NOT FOUND THEN
    RETURN 'unshared';
  END IF;
  PERFORM write_down(p_context, 'file.unshared', p_file, jsonb_build_object('userId', p_user));
  RETURN 'done';
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Subjects. FOR UPDATE on a file asks the policy of updates: who sees the file by a share only gets no row.

-- Whoever confirms, or nobody at all: an upload into a subject is linked when its bytes are there.
CREATE FUNCTION link_confirmed_upload() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_log (tenant_id, actor, action, file_id, request_id, detail)
    SELECT NEW.tenant_id, current_setting('app.actor', true), 'file.linked', NEW.file_id, nullif(current_setting('app.request_id', true), ''),
           jsonb_build_object('type', l.subject_type, 'id', l.subject_id)
      FROM subject_links l WHERE l.tenant_id = NEW.tenant_id AND l.file_id = NEW.file_id AND l.linked_at IS NULL;
  UPDATE subject_links l SET linked_at = now() WHERE l.tenant_id = NEW.tenant_id AND l.file_id = NEW.file_id AND l.linked_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER link_subjects AFTER UPDATE ON file_versions FOR EACH ROW
  WHEN (OLD.state = 'awaiting_upload' AND NEW.state = 'uploaded') EXECUTE FUNCTION link_confirmed_upload();

-- False: the link was there.
CREATE FUNCTION add_subject_link(p_actor text, p_request text, p_file uuid, p_type text, p_subject text, p_detail jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO subject_links AS l (tenant_id, file_id, subject_type, subject_id, created_by, linked_at)
    VALUES (current_tenant(), p_file, p_type, p_subject, p_actor, now())
    ON CONFLICT (tenant_id, file_id, subject_type, subject_id) DO UPDATE SET linked_at = now() WHERE l.linked_at IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE files f SET updated_at = now() WHERE f.tenant_id = current_tenant() AND f.id = p_file;
  INSERT INTO audit_log (tenant_id, actor, action, file_id, request_id, detail)
    VALUES (current_tenant(), p_actor, 'file.linked', p_file, p_request, p_detail || jsonb_build_object('type', p_type, 'id', p_subject));
  RETURN true;
END $$;

-- False: no such file.
CREATE FUNCTION link_subject(p_context jsonb, p_file uuid, p_type text, p_subject text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  PERFORM 1 FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM add_subject_link(p_context ->> 'actor', p_context ->> 'requestId', p_file, p_type, p_subject, '{}');
  RETURN true;
END $$;

-- 'done', 'absent' (the file), or 'unlinked' when there was no such link.
CREATE FUNCTION unlink_subject(p_context jsonb, p_file uuid, p_type text, p_subject text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  PERFORM 1 FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN 'absent';
  END IF;
  DELETE FROM subject_links l
   WHERE l.tenant_id = current_tenant() AND l.file_id = p_file AND l.subject_type = p_type AND l.subject_id = p_subject AND l.linked_at IS NOT NULL;
  IF NOT FOUND THEN
    RETURN 'unlinked';
  END IF;
  UPDATE files f SET updated_at = now() WHERE f.tenant_id = current_tenant() AND f.id = p_file;
  PERFORM write_down(p_context, 'file.unlinked', p_file, jsonb_build_object('type', p_type, 'id', p_subject));
  RETURN 'done';
END $$;

-- The files of a subject that the actor sees, the last linked first; after (p_at, p_file), from the first when null.
CREATE FUNCTION files_of_subject(p_context jsonb, p_type text, p_subject text, p_at timestamptz, p_file uuid, p_limit integer)
RETURNS TABLE (linked_at timestamptz, details file_details) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM enter(p_context);
  IF p_at IS NULL THEN
    p_at := 'infinity';
    p_file := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  END IF;
  RETURN QUERY SELECT l.linked_at::timestamptz, d
    FROM subject_links l
    JOIN file_details d ON d.tenant_id = l.tenant_id AND d.file_id = l.file_id
   WHERE l.tenant_id = current_tenant() AND l.subject_type = p_type AND l.subject_id = p_subject
     AND l.linked_at IS NOT NULL AND (l.linked_at, l.file_id) < (p_at, p_file)
   ORDER BY l.linked_at DESC, l.file_id DESC LIMIT p_limit;
END $$;

-- What is said of an upload when it is confirmed (M14). p_details: {accessGroupId?, notes?, isValid?}. False: no such file.
CREATE FUNCTION describe_file(p_context jsonb, p_file uuid, p_details jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_old files;
  v_changed text[];
BEGIN
  PERFORM enter(p_context);
  SELECT * INTO v_old FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  v_changed := array_remove(ARRAY[
    CASE WHEN p_details ? 'accessGroupId' AND v_old.access_group_id IS DISTINCT FROM (p_details ->> 'accessGroupId')::uuid THEN 'accessGroupId' END,
    CASE WHEN p_details ? 'notes' AND v_old.notes IS DISTINCT FROM p_details ->> 'notes' THEN 'notes' END,
    CASE WHEN p_details ? 'isValid' AND v_old.is_valid IS DISTINCT FROM (p_details ->> 'isValid')::boolean THEN 'isValid' END], NULL);
  IF cardinality(v_changed) > 0 THEN
    UPDATE files f
       SET access_group_id = CASE WHEN p_details ? 'accessGroupId' THEN (p_details ->> 'accessGroupId')::uuid ELSE f.access_group_id END,
           notes = CASE WHEN p_details ? 'notes' THEN p_details ->> 'notes' ELSE f.notes END,
           is_valid = CASE WHEN p_details ? 'isValid' THEN (p_details ->> 'isValid')::boolean ELSE f.is_valid END,
           updated_at = now()
     WHERE f.tenant_id = current_tenant() AND f.id = p_file;
    -- Notes may hold anything: that they changed is written down, not what they say.
    PERFORM write_down(p_context, 'file.described', p_file, jsonb_build_object('changed', v_changed));
  END IF;
  RETURN true;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Attach events of other services (M44): once each, however often they are delivered, even after the link was taken back.

CREATE TABLE inbox (
  tenant_id   uuid NOT NULL,
  event_id    uuid NOT NULL,
  type        text NOT NULL,
  received_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, event_id)
);
ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON inbox USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT ON inbox TO custody_app;

-- 'linked', 'repeated' (the event was taken before), 'deleted', or 'missing': the tenant has no such file, or not yet. The audit row
-- names the user on whose behalf the event was sent.
CREATE FUNCTION attach_file(p_context jsonb, p_event uuid, p_file uuid, p_type text, p_subject text, p_user uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_deleted boolean;
BEGIN
  PERFORM enter(p_context);
  SELECT f.deleted_at IS NOT NULL INTO v_deleted FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN 'missing';
  END IF;
  IF EXISTS (SELECT 1 FROM inbox i WHERE i.tenant_id = current_tenant() AND i.event_id = p_event) THEN
    RETURN 'repeated';
  END IF;
  IF v_deleted THEN
    RETURN 'deleted';
  END IF;
  INSERT INTO inbox (tenant_id, event_id, type) VALUES (current_tenant(), p_event, 'attach-file.v1') ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN 'repeated';
  END IF;
  PERFORM add_subject_link('user:' || p_user, p_context ->> 'requestId', p_file, p_type, p_subject, jsonb_build_object('eventId', p_event));
  RETURN 'linked';
END $$;
