-- Reading and folders: the listing with its filters, revisions of a file, restore, the tree of folders.

-- A refusal of the catalogue (libs/domain, errors.ts) out of a step; libs/data turns SQLSTATE CU001 into it.
CREATE FUNCTION refuse(p_code text, p_detail text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'CU001', MESSAGE = p_code, DETAIL = coalesce(p_detail, '');
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Folders. A deleted folder stays as a row; what it held is deleted by the reaper, which then sets emptied_at.

CREATE TABLE folders (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL,
  parent_id       uuid,
  -- The root is no row. Equality on this column keeps an index's order, which `parent_id IS NULL` does not.
  parent_key      uuid GENERATED ALWAYS AS (coalesce(parent_id, '00000000-0000-0000-0000-000000000000')) STORED,
  name            text COLLATE "C" NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
  revision        integer NOT NULL DEFAULT 1,
  created_by      uuid NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  updated_at      timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at      timestamptz(3),
  deleted_by      text,
  deleted_request text,
  emptied_at      timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES folders (tenant_id, id),
  CONSTRAINT no_own_parent CHECK (parent_id <> id)
);
CREATE UNIQUE INDEX folders_unique_name ON folders (tenant_id, parent_key, name) WHERE deleted_at IS NULL;
-- Serves the reaper across tenants (ADR 0004).
CREATE INDEX folders_to_empty ON folders (deleted_at) WHERE deleted_at IS NOT NULL AND emptied_at IS NULL;

-- ---------------------------------------------------------------------------------------------------------------------
-- Files: what the listing filters by stands in the file's own row, so that every filter has an index in the order of the pages.

-- A hash for each scalar of a JSON object with the path to it and the tenant: equal terms are necessary for `@>`, not sufficient.
CREATE FUNCTION metadata_terms(p_tenant uuid, p_metadata jsonb) RETURNS bigint[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  v_terms bigint[] := '{}';
  v_paths text[] := ARRAY[p_tenant::text];
  v_values jsonb[] := ARRAY[p_metadata];
  v_at integer := 1;
  v_key text;
  v_value jsonb;
BEGIN
  IF p_metadata = '{}' THEN
    RETURN v_terms;
  END IF;
  WHILE v_at <= cardinality(v_values) LOOP
    IF jsonb_typeof(v_values[v_at]) = 'object' THEN
      FOR v_key, v_value IN SELECT '.' || length(e.key) || ':' || e.key, e.value FROM jsonb_each(v_values[v_at]) e LOOP
        v_paths := v_paths || (v_paths[v_at] || v_key);
        v_values := v_values || v_value;
      END LOOP;
    ELSIF jsonb_typeof(v_values[v_at]) = 'array' THEN
      FOR v_value IN SELECT e FROM jsonb_array_elements(v_values[v_at]) e LOOP
        v_paths := v_paths || (v_paths[v_at] || '[]');
        v_values := v_values || v_value;
      END LOOP;
    ELSE
      -- 1, 1.0 and 1e0 are one number.
      v_terms := v_terms || hashtextextended(v_paths[v_at] || '=' || CASE WHEN jsonb_typeof(v_values[v_at]) = 'number'
        THEN trim_scale(v_values[v_at]::numeric)::text ELSE v_values[v_at]::text END, 0);
    END IF;
    v_at := v_at + 1;
  END LOOP;
  RETURN v_terms;
END $$;

-- A btree entry ends at 2,704 bytes; a name may have 5,000 characters.
CREATE FUNCTION name_key(p_filename text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(lower(p_filename COLLATE "pg_c_utf8"), 200);

ALTER TABLE files
  ADD COLUMN folder_id uuid,
  ADD COLUMN folder_key uuid GENERATED ALWAYS AS (coalesce(folder_id, '00000000-0000-0000-0000-000000000000')) STORED,
  ADD COLUMN notes text,
  ADD COLUMN revision integer NOT NULL DEFAULT 1,
  -- Of the version that speaks for the file; kept by the triggers below.
  ADD COLUMN status text NOT NULL DEFAULT 'pending_scan' CHECK (status IN ('pending_scan', 'available', 'rejected')),
  ADD COLUMN mime_type text NOT NULL DEFAULT 'application/octet-stream',
  ADD COLUMN terms bigint[] GENERATED ALWAYS AS (metadata_terms(tenant_id, metadata)) STORED,
  ADD COLUMN name_key text COLLATE "C" GENERATED ALWAYS AS (name_key(filename)) STORED,
  ADD CONSTRAINT files_folder FOREIGN KEY (tenant_id, folder_id) REFERENCES folders (tenant_id, id);

-- Forced row-level security hides every row from the owner too.
ALTER TABLE files NO FORCE ROW LEVEL SECURITY;
ALTER TABLE file_versions NO FORCE ROW LEVEL SECURITY;
UPDATE files f SET mime_type = v.mime_type,
       status = CASE v.state WHEN 'available' THEN 'available' WHEN 'rejected' THEN 'rejected' ELSE 'pending_scan' END
  FROM (SELECT f.tenant_id, f.id, s.mime_type, s.state FROM files f
         CROSS JOIN LATERAL (SELECT x.* FROM file_versions x WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id
           ORDER BY (x.id = f.current_version_id) DESC NULLS LAST, x.created_at DESC LIMIT 1) s) v
 WHERE v.tenant_id = f.tenant_id AND v.id = f.id;
ALTER TABLE files FORCE ROW LEVEL SECURITY;
ALTER TABLE file_versions FORCE ROW LEVEL SECURITY;

CREATE INDEX files_by_created ON files (tenant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX files_by_updated ON files (tenant_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX files_by_folder ON files (tenant_id, folder_key, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX files_by_creator ON files (tenant_id, created_by, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX files_by_type ON files (tenant_id, mime_type, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX files_by_status ON files (tenant_id, status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX files_by_bucket ON files (tenant_id, bucket, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX files_by_name ON files (tenant_id, name_key, created_at, id) WHERE deleted_at IS NULL;
-- The tenant is part of each term.
CREATE INDEX files_by_metadata ON files USING gin (terms) WHERE deleted_at IS NULL;

-- A change a client can see is a new revision, whatever column it is in; columns of bookkeeping and generated ones (NULL in a BEFORE
-- trigger) are left out.
CREATE FUNCTION follow_file_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  c_unseen CONSTANT text[] := '{revision,updated_at,purged_at,purge_retry_at,folder_key,name_key,terms}';
BEGIN
  IF NEW.current_version_id IS NOT NULL AND NEW.current_version_id IS DISTINCT FROM OLD.current_version_id THEN
    NEW.status := 'available';
    SELECT v.mime_type INTO STRICT NEW.mime_type FROM file_versions v
     WHERE v.tenant_id = NEW.tenant_id AND v.id = NEW.current_version_id;
  END IF;
  IF (to_jsonb(NEW) - c_unseen) IS DISTINCT FROM (to_jsonb(OLD) - c_unseen) THEN
    NEW.revision := OLD.revision + 1;
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER follow_change BEFORE UPDATE ON files FOR EACH ROW EXECUTE FUNCTION follow_file_change();

-- Until one is available the newest version speaks for its file.
CREATE FUNCTION follow_newest_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_status text := CASE NEW.state WHEN 'rejected' THEN 'rejected' ELSE 'pending_scan' END;
BEGIN
  UPDATE files f SET status = v_status, mime_type = NEW.mime_type
   WHERE f.tenant_id = NEW.tenant_id AND f.id = NEW.file_id AND f.current_version_id IS NULL
     AND (f.status, f.mime_type) IS DISTINCT FROM (v_status, NEW.mime_type)
     AND NOT EXISTS (SELECT 1 FROM file_versions n
                      WHERE n.tenant_id = NEW.tenant_id AND n.file_id = NEW.file_id AND n.created_at > NEW.created_at);
  RETURN NULL;
END $$;
CREATE TRIGGER follow_newest_insert AFTER INSERT ON file_versions FOR EACH ROW EXECUTE FUNCTION follow_newest_version();
CREATE TRIGGER follow_newest_update AFTER UPDATE ON file_versions FOR EACH ROW
  WHEN ((NEW.state = 'rejected' AND OLD.state <> 'rejected') OR OLD.mime_type <> NEW.mime_type)
  EXECUTE FUNCTION follow_newest_version();

-- As before, and the type is set at once instead of by the trigger's second write.
CREATE OR REPLACE FUNCTION initiate_upload(
  p_context jsonb, p_file uuid, p_version uuid, p_bucket text, p_filename text, p_mime_type text, p_declared_mime_type text,
  p_size bigint, p_sha256 text, p_metadata jsonb, p_created_by uuid, p_max_pending integer
) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  v_tenant uuid := (p_context ->> 'tenantId')::uuid;
BEGIN
  PERFORM enter(p_context);
  INSERT INTO tenant_quota AS q (tenant_id, pending) VALUES (v_tenant, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET pending = q.pending + 1 WHERE q.pending < p_max_pending;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO files (tenant_id, id, bucket, filename, mime_type, metadata, created_by)
    VALUES (v_tenant, p_file, p_bucket, p_filename, p_mime_type, p_metadata, p_created_by);
  INSERT INTO file_versions (tenant_id, id, file_id, mime_type, declared_mime_type, declared_size, declared_sha256, created_by)
    VALUES (v_tenant, p_version, p_file, p_mime_type, p_declared_mime_type, p_size, p_sha256, p_created_by);
  RETURN now();
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- The tree. Names of a path hold no slash.

-- From a folder up to below the root; height 1 is the folder itself. Ends even if a cycle had come about.
CREATE FUNCTION folder_chain(p_tenant uuid, p_folder uuid)
RETURNS TABLE (id uuid, name text, deleted boolean, height integer) LANGUAGE sql STABLE AS $$
  WITH RECURSIVE chain AS (
    SELECT f.id, f.parent_id, f.name, f.deleted_at IS NOT NULL AS deleted, 1 AS height
      FROM folders f WHERE f.tenant_id = p_tenant AND f.id = p_folder
    UNION ALL
    SELECT f.id, f.parent_id, f.name, f.deleted_at IS NOT NULL, c.height + 1
      FROM chain c JOIN folders f ON f.tenant_id = p_tenant AND f.id = c.parent_id WHERE c.height < 1000)
  SELECT c.id, c.name, c.deleted, c.height FROM chain c;
$$;

-- `/a/b`; `/` is the root; NULL: no such folder, or one above it is deleted and the reaper has not come by yet.
CREATE FUNCTION folder_path(p_tenant uuid, p_folder uuid) RETURNS text LANGUAGE sql STABLE
RETURN CASE WHEN p_folder IS NULL THEN '/' ELSE (
  SELECT CASE WHEN NOT bool_or(c.deleted) THEN '/' || string_agg(c.name, '/' ORDER BY c.height DESC) END
    FROM folder_chain(p_tenant, p_folder) c) END;

CREATE FUNCTION folder_depth(p_tenant uuid, p_folder uuid) RETURNS integer LANGUAGE sql STABLE
RETURN (SELECT count(*) FROM folder_chain(p_tenant, p_folder));

-- Holds a folder against deletion until the end of the step; refuses when it is not there.
CREATE FUNCTION hold_folder(p_tenant uuid, p_folder uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM folders f WHERE f.tenant_id = p_tenant AND f.id = p_folder AND f.deleted_at IS NULL FOR SHARE;
  IF NOT FOUND OR folder_path(p_tenant, p_folder) IS NULL THEN
    PERFORM refuse('FOLDER_NOT_FOUND');
  END IF;
END $$;

CREATE VIEW folder_details WITH (security_invoker = true) AS
  SELECT f.tenant_id, f.id AS folder_id, f.parent_id, f.parent_key, f.name, p.path, f.created_by, f.created_at, f.updated_at,
         f.revision || '-' || left(md5(p.path), 8) AS entity_tag
  FROM folders f
  CROSS JOIN LATERAL (SELECT folder_path(f.tenant_id, f.id) AS path OFFSET 0) p
  WHERE f.deleted_at IS NULL AND p.path IS NOT NULL;

-- A file with the version that speaks for it: the available one, else the newest. The entity tag changes with whatever a client sees
-- of the file: its row (revision), its version's state, the names above it.
CREATE OR REPLACE VIEW file_details WITH (security_invoker = true) AS
  SELECT f.tenant_id, f.id AS file_id, f.bucket, f.filename, f.metadata, f.created_by, f.created_at, f.updated_at,
         v.id AS version_id, v.state, v.reject_reason, v.reject_detail, v.mime_type, v.declared_mime_type, v.declared_size,
         v.declared_sha256, v.store_version, v.size, v.sha256, v.verdict, v.coverage, v.engine_version, v.signature_version,
         v.scanned_at,
         f.folder_id, p.folder_path, f.notes,
         f.revision || '-' || left(md5(concat_ws(' ', v.id, v.state, v.size, p.folder_path)), 8) AS entity_tag
  FROM files f
  JOIN LATERAL (
    SELECT * FROM file_versions x
    WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id
    ORDER BY (x.id = f.current_version_id) DESC NULLS LAST, x.created_at DESC LIMIT 1
  ) v ON true
  CROSS JOIN LATERAL (SELECT CASE WHEN f.folder_id IS NULL THEN '/' ELSE folder_path(f.tenant_id, f.folder_id) END AS folder_path OFFSET 0) p
  WHERE f.deleted_at IS NULL;

-- ---------------------------------------------------------------------------------------------------------------------
-- The listing (M28). ADR 0010: candidates are found by an owner's function with the tenant in its text, because row-level security keeps
-- operators that are not leak-proof out of indexes; the rows themselves are then read by the caller under row-level security.

-- One condition for each filter that is given. Values are bound ($2 is the filter); nothing of a request becomes text. What CASE wraps
-- repeats exactly what the columns before it say nearly: a guess at how many rows it leaves would be counted twice.
CREATE FUNCTION file_conditions(p_filter jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(string_agg(' AND ' || c.condition, ''), '')
    FROM (VALUES
      ('id', $c$f.id = ($2 ->> 'id')::uuid$c$),
      ('name', $c$f.name_key >= name_key($2 ->> 'name') AND f.name_key < name_key($2 ->> 'name') || chr(1114111)
                  AND CASE WHEN starts_with(lower(f.filename COLLATE "pg_c_utf8"), lower($2 ->> 'name' COLLATE "pg_c_utf8")) THEN true END$c$),
      ('filename', $c$f.name_key = name_key($2 ->> 'filename') AND CASE WHEN f.filename = $2 ->> 'filename' THEN true END$c$),
      ('mimeType', $c$f.mime_type = $2 ->> 'mimeType'$c$),
      ('createdBy', $c$f.created_by = ($2 ->> 'createdBy')::uuid$c$),
      ('createdFrom', $c$f.created_at >= ($2 ->> 'createdFrom')::timestamptz$c$),
      ('createdTo', $c$f.created_at < ($2 ->> 'createdTo')::timestamptz$c$),
      ('updatedFrom', $c$f.updated_at >= ($2 ->> 'updatedFrom')::timestamptz$c$),
      ('updatedTo', $c$f.updated_at < ($2 ->> 'updatedTo')::timestamptz$c$),
      ('bucket', $c$f.bucket = $2 ->> 'bucket'$c$),
      ('status', $c$f.status = $2 ->> 'status'$c$),
      ('folderKey', $c$f.folder_key = ($2 ->> 'folderKey')::uuid$c$),
      ('metadata', $c$f.terms @> metadata_terms($1, $2 -> 'metadata') AND CASE WHEN f.metadata @> ($2 -> 'metadata') THEN true END$c$),
      ('externalId', $c$(f.terms @> metadata_terms($1, jsonb_build_object('externalId', $2 -> 'externalId'))
                      OR f.terms @> metadata_terms($1, jsonb_build_object('externalIds', jsonb_build_array($2 -> 'externalId'))))
                  AND CASE WHEN f.metadata -> 'externalId' = $2 -> 'externalId' OR f.metadata -> 'externalIds' @> ($2 -> 'externalId') THEN true END$c$)
    ) c (filter, condition)
   WHERE p_filter ? c.filter;
$$;

-- $1 tenant, $2 filter, $3 and $4 the last row of the page before, $5 how many.
CREATE FUNCTION file_query(p_filter jsonb, p_sort text, p_order text, p_first boolean) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_column text := CASE p_sort WHEN 'createdAt' THEN 'created_at' WHEN 'updatedAt' THEN 'updated_at' END;
  v_direction text := CASE p_order WHEN 'asc' THEN 'ASC' WHEN 'desc' THEN 'DESC' END;
  v_after text := CASE WHEN p_first THEN '' ELSE format(' AND (f.%I, f.id) %s ($3, $4)', v_column, CASE p_order WHEN 'asc' THEN '>' ELSE '<' END) END;
BEGIN
  IF v_column IS NULL OR v_direction IS NULL THEN
    RAISE EXCEPTION 'no such order: % %', p_sort, p_order;
  END IF;
  RETURN format('SELECT f.id, f.%1$I FROM files f WHERE f.tenant_id = $1 AND f.deleted_at IS NULL%2$s%3$s ORDER BY f.%1$I %4$s, f.id %4$s LIMIT $5',
    v_column, file_conditions(p_filter), v_after, v_direction);
END $$;

CREATE FUNCTION file_candidates(
  p_tenant uuid, p_filter jsonb, p_sort text, p_order text, p_at timestamptz, p_id uuid, p_limit integer
) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE file_query(p_filter, p_sort, p_order, p_at IS NULL) USING p_tenant, p_filter, p_at, p_id, p_limit;
END $$;
-- The owner of the function above sees every row of `files`, to read only; everybody else stays under the tenant's policy.
CREATE POLICY listing ON files FOR SELECT TO CURRENT_USER USING (true);
REVOKE EXECUTE ON FUNCTION file_candidates(uuid, jsonb, text, text, timestamptz, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION file_candidates(uuid, jsonb, text, text, timestamptz, uuid, integer) TO custody_app;

-- p_limit + 1 files at most: one more says that there is another page. A candidate that row-level security hides is made up for by the
-- next ones. With p_grant (no URL in it) an audit row is written for each available file of the page: URLs are about to be signed.
CREATE FUNCTION list_files(
  p_context jsonb, p_filter jsonb, p_sort text, p_order text, p_at timestamptz, p_id uuid, p_limit integer, p_grant jsonb
) RETURNS SETOF file_details LANGUAGE plpgsql AS $$
DECLARE
  c_root CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
  v_folder uuid := nullif((p_filter ->> 'folderKey')::uuid, c_root);
  v_page file_details[] := '{}';
  v_found uuid[];
BEGIN
  PERFORM enter(p_context);
  IF folder_path(current_tenant(), v_folder) IS NULL THEN
    PERFORM refuse('FOLDER_NOT_FOUND');
  END IF;
  LOOP
    SELECT array_agg(c.id ORDER BY c.n), (array_agg(c.at ORDER BY c.n DESC))[1], (array_agg(c.id ORDER BY c.n DESC))[1]
      INTO v_found, p_at, p_id
      FROM file_candidates(current_tenant(), p_filter, p_sort, p_order, p_at, p_id, p_limit + 1) WITH ORDINALITY c (id, at, n);
    v_page := v_page || ARRAY(
      SELECT d FROM unnest(v_found) WITH ORDINALITY c (id, n)
        JOIN file_details d ON d.tenant_id = current_tenant() AND d.file_id = c.id ORDER BY c.n);
    EXIT WHEN coalesce(cardinality(v_found), 0) <= p_limit OR cardinality(v_page) > p_limit;
  END LOOP;
  IF p_grant IS NOT NULL THEN
    INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
      SELECT d.tenant_id, p_context ->> 'actor', 'file.download_url_created', d.file_id, d.version_id, p_context ->> 'requestId', p_grant
        FROM unnest(v_page[1:p_limit]) d WHERE d.state = 'available';
  END IF;
  RETURN QUERY SELECT * FROM unnest(v_page[1:p_limit + 1]);
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Changing and restoring a file (M29).

-- ---------------------------------------------------------------------------------------------------------------------
-- Changing the tree (M30). Whoever moves or deletes has the tree of the tenant to himself, whoever creates shares it with others that
-- create: two moves that are harmless one by one could close a cycle together, or grow a branch beyond the limit of depth.

CREATE FUNCTION tree_lock(p_tenant uuid) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN hashtextextended('folders ' || p_tenant, 0);

CREATE FUNCTION audit_folder(p_context jsonb, p_action text, p_detail jsonb) RETURNS void LANGUAGE sql AS $$
  INSERT INTO audit_log (tenant_id, actor, action, request_id, detail)
    VALUES (current_tenant(), p_context ->> 'actor', p_action, p_context ->> 'requestId', p_detail);
$$;

CREATE FUNCTION find_folder(p_context jsonb, p_folder uuid) RETURNS SETOF folder_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM folder_details d WHERE d.tenant_id = current_tenant() AND d.folder_id = p_folder;
END $$;

-- Folders of a parent (NULL: of the root) by name, after the given name.
CREATE FUNCTION list_folders(p_context jsonb, p_parent uuid, p_after text, p_limit integer) RETURNS SETOF folder_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  IF folder_path(current_tenant(), p_parent) IS NULL THEN
    PERFORM refuse('FOLDER_NOT_FOUND');
  END IF;
  RETURN QUERY SELECT * FROM folder_details d
    WHERE d.tenant_id = current_tenant() AND d.parent_key = coalesce(p_parent, '00000000-0000-0000-0000-000000000000') AND d.name > p_after
    ORDER BY d.name LIMIT p_limit;
END $$;

CREATE FUNCTION create_folder(p_context jsonb, p_folder uuid, p_parent uuid, p_name text, p_created_by uuid, p_max_depth integer)
RETURNS SETOF folder_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  PERFORM pg_advisory_xact_lock_shared(tree_lock(current_tenant()));
  IF p_parent IS NOT NULL THEN
    PERFORM hold_folder(current_tenant(), p_parent);
  END IF;
  IF folder_depth(current_tenant(), p_parent) >= p_max_depth THEN
    PERFORM refuse('FOLDER_TOO_DEEP');
  END IF;
  INSERT INTO folders (tenant_id, id, parent_id, name, created_by) VALUES (current_tenant(), p_folder, p_parent, p_name, p_created_by)
    ON CONFLICT (tenant_id, parent_key, name) WHERE deleted_at IS NULL DO NOTHING;
  IF NOT FOUND THEN
    PERFORM refuse('FOLDER_EXISTS');
  END IF;
  PERFORM audit_folder(p_context, 'folder.created', jsonb_build_object('folderId', p_folder, 'parentId', p_parent, 'name', p_name));
  RETURN QUERY SELECT * FROM folder_details d WHERE d.tenant_id = current_tenant() AND d.folder_id = p_folder;
END $$;

-- Levels of the branch that begins with a folder, itself included; counts no further than p_enough.
CREATE FUNCTION folder_levels(p_tenant uuid, p_folder uuid, p_enough integer) RETURNS integer LANGUAGE sql STABLE AS $$
  WITH RECURSIVE branch AS (
    SELECT p_folder AS id, 1 AS level
    UNION ALL
    SELECT f.id, b.level + 1 FROM branch b
      JOIN folders f ON f.tenant_id = p_tenant AND f.parent_key = b.id AND f.deleted_at IS NULL WHERE b.level < p_enough)
  SELECT max(level) FROM branch;
$$;

-- Whether a folder may stand under p_parent; refuses with the reason.
CREATE FUNCTION allow_move(p_tenant uuid, p_folder uuid, p_parent uuid, p_max_depth integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_parent IS NULL THEN
    RETURN;
  END IF;
  PERFORM hold_folder(p_tenant, p_parent);
  IF EXISTS (SELECT 1 FROM folder_chain(p_tenant, p_parent) c WHERE c.id = p_folder) THEN
    PERFORM refuse('FOLDER_CYCLE');
  END IF;
  IF folder_depth(p_tenant, p_parent) + folder_levels(p_tenant, p_folder, p_max_depth) > p_max_depth THEN
    PERFORM refuse('FOLDER_TOO_DEEP');
  END IF;
END $$;

-- The members that p_changes has (name, parentId); no row: no such folder.
CREATE FUNCTION update_folder(p_context jsonb, p_folder uuid, p_changes jsonb, p_if_match text[], p_max_depth integer)
RETURNS SETOF folder_details LANGUAGE plpgsql AS $$
DECLARE
  v_old folder_details;
  v_name text;
  v_parent uuid;
BEGIN
  PERFORM enter(p_context);
  -- Before any lock on a row: a deadlock needs two orders.
  PERFORM pg_advisory_xact_lock(tree_lock(current_tenant()));
  PERFORM 1 FROM folders f WHERE f.tenant_id = current_tenant() AND f.id = p_folder FOR UPDATE;
  SELECT * INTO v_old FROM folder_details d WHERE d.tenant_id = current_tenant() AND d.folder_id = p_folder;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF p_if_match IS NOT NULL AND NOT v_old.entity_tag = ANY (p_if_match) THEN
    PERFORM refuse('PRECONDITION_FAILED');
  END IF;
  v_name := CASE WHEN p_changes ? 'name' THEN p_changes ->> 'name' ELSE v_old.name END;
  v_parent := CASE WHEN p_changes ? 'parentId' THEN (p_changes ->> 'parentId')::uuid ELSE v_old.parent_id END;
  IF v_parent IS DISTINCT FROM v_old.parent_id THEN
    PERFORM allow_move(current_tenant(), p_folder, v_parent, p_max_depth);
  END IF;
  IF (v_name, v_parent) IS DISTINCT FROM (v_old.name, v_old.parent_id) THEN
    BEGIN
      UPDATE folders f SET name = v_name, parent_id = v_parent, revision = f.revision + 1, updated_at = now()
       WHERE f.tenant_id = current_tenant() AND f.id = p_folder;
    EXCEPTION WHEN unique_violation THEN
      PERFORM refuse('FOLDER_EXISTS');
    END;
    PERFORM audit_folder(p_context, 'folder.updated', jsonb_build_object('folderId', p_folder,
      'before', jsonb_build_object('name', v_old.name, 'parentId', v_old.parent_id),
      'after', jsonb_build_object('name', v_name, 'parentId', v_parent)));
  END IF;
  RETURN QUERY SELECT * FROM folder_details d WHERE d.tenant_id = current_tenant() AND d.folder_id = p_folder;
END $$;

-- NULL: no such folder. True: nothing was in it. False: it is gone for every door, the reaper deletes what is in it.
-- Without p_recursive a folder that holds something is refused.
CREATE FUNCTION delete_folder(p_context jsonb, p_folder uuid, p_recursive boolean, p_if_match text[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_old folder_details;
  v_empty boolean;
BEGIN
  PERFORM enter(p_context);
  PERFORM pg_advisory_xact_lock(tree_lock(current_tenant()));
  -- Waits for those who are putting something into it; whoever comes later finds it gone.
  PERFORM 1 FROM folders f WHERE f.tenant_id = current_tenant() AND f.id = p_folder FOR UPDATE;
  SELECT * INTO v_old FROM folder_details d WHERE d.tenant_id = current_tenant() AND d.folder_id = p_folder;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF p_if_match IS NOT NULL AND NOT v_old.entity_tag = ANY (p_if_match) THEN
    PERFORM refuse('PRECONDITION_FAILED');
  END IF;
  v_empty := NOT folder_holds_anything(current_tenant(), p_folder);
  IF NOT v_empty AND NOT p_recursive THEN
    PERFORM refuse('FOLDER_NOT_EMPTY');
  END IF;
  UPDATE folders f SET deleted_at = now(), deleted_by = p_context ->> 'actor', deleted_request = p_context ->> 'requestId',
         emptied_at = CASE WHEN v_empty THEN now() END
   WHERE f.tenant_id = current_tenant() AND f.id = p_folder;
  PERFORM audit_folder(p_context, 'folder.deleted', jsonb_build_object('folderId', p_folder, 'path', v_old.path, 'recursive', p_recursive));
  RETURN v_empty;
END $$;

-- Sees files the caller may not see: a folder that holds one of those is not empty either.
CREATE FUNCTION folder_holds_anything(p_tenant uuid, p_folder uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT 1 FROM folders c WHERE c.tenant_id = p_tenant AND c.parent_key = p_folder AND c.deleted_at IS NULL)
    OR EXISTS (SELECT 1 FROM files f WHERE f.tenant_id = p_tenant AND f.folder_key = p_folder AND f.deleted_at IS NULL);
REVOKE EXECUTE ON FUNCTION folder_holds_anything(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION folder_holds_anything(uuid, uuid) TO custody_app;

-- One step of the reaper: deletes up to p_limit files of one deleted folder in the name of who deleted it and, when none are left, hands
-- its folders on to the next steps. The locked row keeps other reapers off until the step is committed or undone as a whole.
CREATE FUNCTION empty_deleted_folder(p_limit integer) RETURNS TABLE (folder_id uuid, files integer, folders integer, emptied boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_folder folders;
  v_context jsonb;
  v_file uuid;
  v_files integer := 0;
  v_folders integer := 0;
BEGIN
  SELECT * INTO v_folder FROM folders f WHERE f.deleted_at IS NOT NULL AND f.emptied_at IS NULL
   ORDER BY f.deleted_at LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  v_context := jsonb_build_object('tenantId', v_folder.tenant_id, 'actor', v_folder.deleted_by, 'requestId', v_folder.deleted_request);
  PERFORM enter(v_context);
  FOR v_file IN SELECT f.id FROM files f
    WHERE f.tenant_id = v_folder.tenant_id AND f.folder_key = v_folder.id AND f.deleted_at IS NULL ORDER BY f.created_at, f.id LIMIT p_limit FOR UPDATE
  LOOP
    PERFORM delete_file(v_context, v_file);
    v_files := v_files + 1;
  END LOOP;
  IF v_files < p_limit THEN
    UPDATE folders c SET deleted_at = now(), deleted_by = v_folder.deleted_by, deleted_request = v_folder.deleted_request
     WHERE c.tenant_id = v_folder.tenant_id AND c.parent_key = v_folder.id AND c.deleted_at IS NULL;
    GET DIAGNOSTICS v_folders = ROW_COUNT;
    UPDATE folders f SET emptied_at = now() WHERE f.tenant_id = v_folder.tenant_id AND f.id = v_folder.id;
    PERFORM audit_folder(v_context, 'folder.emptied', jsonb_build_object('folderId', v_folder.id));
  END IF;
  RETURN QUERY SELECT v_folder.id, v_files, v_folders, v_files < p_limit;
END $$;
REVOKE EXECUTE ON FUNCTION empty_deleted_folder(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION empty_deleted_folder(integer) TO custody_system;

ALTER TABLE folders ENABLE ROW LEVEL SECURITY;
ALTER TABLE folders FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON folders USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY listing ON folders FOR SELECT TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE ON folders TO custody_app, custody_system;
GRANT SELECT ON folder_details TO custody_app, custody_system;
