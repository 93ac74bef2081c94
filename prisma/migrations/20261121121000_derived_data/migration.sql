-- Derived data (M24, M25): requested when a version becomes available, made afterwards, never part of the verdict.

-- Types something is derived from, equal to FILE_TYPES in libs/domain (a test compares them).
CREATE TABLE derivable_types (
  mime_type  text PRIMARY KEY,
  derivation text NOT NULL CHECK (derivation IN ('image', 'pdf'))
);
INSERT INTO derivable_types VALUES
  ('image/jpeg', 'image'), ('image/png', 'image'), ('image/webp', 'image'), ('image/gif', 'image'), ('image/avif', 'image'),
  ('application/pdf', 'pdf');

-- What came of it. No row for an available version of a derivable type: it is still to be done.
CREATE TABLE derivations (
  tenant_id  uuid NOT NULL,
  version_id uuid NOT NULL,
  status     text NOT NULL CHECK (status IN ('done', 'failed')),
  reason     text,
  width      integer,
  height     integer,
  page_count integer,
  thumbnails integer[] NOT NULL DEFAULT '{}',
  made_at    timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, version_id),
  FOREIGN KEY (tenant_id, version_id) REFERENCES file_versions (tenant_id, id),
  CONSTRAINT failed_has_reason CHECK ((status = 'failed') = (reason IS NOT NULL))
);
ALTER TABLE derivations ENABLE ROW LEVEL SECURITY;
ALTER TABLE derivations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON derivations USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());

ALTER TABLE outbox DROP CONSTRAINT outbox_type_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_type_check
  CHECK (type IN ('scan.requested', 'derive.requested', 'file.available', 'notify.notification.sent'));

-- In the transaction that makes the version available, so that no crash can forget it. The request counts as delivered when its
-- outcome is recorded: until then the relay's second look publishes it again, should Redis have lost it.
CREATE FUNCTION request_derivation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM derivable_types t WHERE t.mime_type = NEW.mime_type) THEN
    INSERT INTO outbox (tenant_id, type, file_id, version_id, request_id, traceparent)
    VALUES (NEW.tenant_id, 'derive.requested', NEW.file_id, NEW.id,
            nullif(current_setting('app.request_id', true), ''), nullif(current_setting('app.traceparent', true), ''));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER request_derivation AFTER UPDATE ON file_versions FOR EACH ROW
  WHEN (OLD.state <> 'available' AND NEW.state = 'available') EXECUTE FUNCTION request_derivation();

-- The outcome of a derivation; doing it again replaces it. False: the file was deleted meanwhile, and what was made must go.
CREATE FUNCTION record_derivation(
  p_context jsonb, p_version uuid, p_status text, p_reason text, p_width integer, p_height integer, p_page_count integer, p_thumbnails integer[]
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_file uuid;
BEGIN
  PERFORM enter(p_context);
  UPDATE outbox o SET delivered_at = now(), published_at = coalesce(o.published_at, now())
   WHERE o.tenant_id = current_tenant() AND o.version_id = p_version AND o.type = 'derive.requested' AND o.delivered_at IS NULL;
  SELECT f.id INTO v_file FROM file_versions v JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.state = 'available' AND f.deleted_at IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO derivations AS d (tenant_id, version_id, status, reason, width, height, page_count, thumbnails)
    VALUES (current_tenant(), p_version, p_status, p_reason, p_width, p_height, p_page_count, p_thumbnails)
    ON CONFLICT (tenant_id, version_id) DO UPDATE
      SET status = excluded.status, reason = excluded.reason, width = excluded.width, height = excluded.height,
          page_count = excluded.page_count, thumbnails = excluded.thumbnails, made_at = now();
  -- What a client sees of the file has changed, so its entity tag does.
  UPDATE files f SET revision = f.revision + 1
   WHERE f.tenant_id = current_tenant() AND f.id = v_file AND f.current_version_id = p_version;
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
    VALUES (current_tenant(), p_context ->> 'actor', 'file.derived', v_file, p_version, p_context ->> 'requestId',
            jsonb_strip_nulls(jsonb_build_object('status', p_status, 'reason', p_reason)));
  RETURN true;
END $$;

-- A file's view gains what was derived from the version that speaks for it.
CREATE OR REPLACE VIEW file_details WITH (security_invoker = true) AS
  SELECT f.tenant_id, f.id AS file_id, f.bucket, f.filename, f.metadata, f.created_by, f.created_at, f.updated_at,
         v.id AS version_id, v.state, v.reject_reason, v.reject_detail, v.mime_type, v.declared_mime_type, v.declared_size,
         v.declared_sha256, v.store_version, v.size, v.sha256, v.verdict, v.coverage, v.engine_version, v.signature_version,
         v.scanned_at,
         f.folder_id, p.folder_path, f.notes,
         f.revision || '-' || left(md5(concat_ws(' ', v.id, v.state, v.size, p.folder_path)), 8) AS entity_tag,
         f.access_group_id, f.is_valid, s.subjects,
         t.derivation, d.status AS derivation_status, d.reason AS derivation_reason, d.width, d.height, d.page_count,
         coalesce(d.thumbnails, '{}') AS thumbnails
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
  LEFT JOIN derivable_types t ON t.mime_type = v.mime_type
  LEFT JOIN derivations d ON d.tenant_id = v.tenant_id AND d.version_id = v.id
  WHERE f.deleted_at IS NULL;

-- Reads a file and, when it has the thumbnail, writes down that a URL to it was handed out (M37), in one call.
CREATE FUNCTION grant_thumbnail(p_context jsonb, p_file uuid, p_size integer, p_detail jsonb) RETURNS SETOF file_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
    SELECT d.tenant_id, p_context ->> 'actor', 'file.thumbnail_url_created', d.file_id, d.version_id, p_context ->> 'requestId', p_detail
    FROM file_details d
    WHERE d.tenant_id = current_tenant() AND d.file_id = p_file AND d.state = 'available' AND p_size = ANY (d.thumbnails);
  RETURN QUERY SELECT * FROM file_details d WHERE d.tenant_id = current_tenant() AND d.file_id = p_file;
END $$;

GRANT SELECT ON derivable_types, file_details TO custody_app, custody_system;
GRANT SELECT, INSERT, UPDATE ON derivations TO custody_app, custody_system;
