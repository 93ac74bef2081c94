-- Versions of a file (M15, M31): new ones uploaded beside the one that serves, older ones restored.

-- When somebody restored an older version: only an upload begun after it takes over by itself.
ALTER TABLE files ADD COLUMN version_chosen_at timestamptz(3);

-- Each version of a file that is not deleted, with what its bytes are served as.
CREATE VIEW version_details WITH (security_invoker = true) AS
  SELECT v.tenant_id, v.file_id, v.id AS version_id, f.bucket, f.filename, v.state, v.reject_reason, v.mime_type, v.declared_size,
         v.size, v.sha256, v.coverage, v.engine_version, v.signature_version, v.scanned_at, v.created_by, v.created_at,
         f.current_version_id IS NOT DISTINCT FROM v.id AS current
  FROM files f
  JOIN file_versions v ON v.tenant_id = f.tenant_id AND v.file_id = f.id
  WHERE f.deleted_at IS NULL;

-- Takes a place in the quota and creates a version of a file. `found` false: no such file; `created_at` null: no free place (M12).
-- The file is locked before the quota, as in delete_file: neither can overtake the other, and they cannot deadlock.
CREATE FUNCTION initiate_version(
  p_context jsonb, p_file uuid, p_version uuid, p_mime_type text, p_declared_mime_type text, p_size bigint, p_sha256 text,
  p_created_by uuid, p_max_pending integer
) RETURNS TABLE (found boolean, created_at timestamptz) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_tenant uuid := (p_context ->> 'tenantId')::uuid;
BEGIN
  PERFORM enter(p_context);
  PERFORM 1 FROM files f WHERE f.tenant_id = v_tenant AND f.id = p_file AND f.deleted_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT false, NULL::timestamptz;
    RETURN;
  END IF;
  INSERT INTO tenant_quota AS q (tenant_id, pending) VALUES (v_tenant, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET pending = q.pending + 1 WHERE q.pending < p_max_pending;
  IF NOT FOUND THEN
    RETURN QUERY SELECT true, NULL::timestamptz;
    RETURN;
  END IF;
  -- The clock, not the start of the transaction: of two uploads to one file the later one has waited for the lock.
  INSERT INTO file_versions (tenant_id, id, file_id, mime_type, declared_mime_type, declared_size, declared_sha256, created_by, created_at)
    VALUES (v_tenant, p_version, p_file, p_mime_type, p_declared_mime_type, p_size, p_sha256, p_created_by, clock_timestamp());
  RETURN QUERY SELECT true, now();
END $$;

-- A page of a file's versions, newest first, after the one the last page ended with.
CREATE FUNCTION list_versions(p_context jsonb, p_file uuid, p_after uuid, p_limit integer) RETURNS SETOF version_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT d.* FROM version_details d
    WHERE d.tenant_id = current_tenant() AND d.file_id = p_file
      AND (p_after IS NULL OR (d.created_at, d.version_id) < (
        SELECT a.created_at, a.id FROM file_versions a
         WHERE a.tenant_id = current_tenant() AND a.id = p_after AND a.file_id = p_file))
    ORDER BY d.created_at DESC, d.version_id DESC LIMIT p_limit;
END $$;

CREATE FUNCTION find_version(p_context jsonb, p_file uuid, p_version uuid) RETURNS SETOF version_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM version_details d
    WHERE d.tenant_id = current_tenant() AND d.file_id = p_file AND d.version_id = p_version;
END $$;

-- Reads one version and, when it is available, writes down that a URL to it was handed out (M37), in one call.
CREATE FUNCTION grant_version_download(p_context jsonb, p_file uuid, p_version uuid, p_detail jsonb) RETURNS SETOF version_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
    SELECT d.tenant_id, p_context ->> 'actor', 'file.download_url_created', d.file_id, d.version_id, p_context ->> 'requestId', p_detail
    FROM version_details d
    WHERE d.tenant_id = current_tenant() AND d.file_id = p_file AND d.version_id = p_version AND d.state = 'available';
  RETURN QUERY SELECT * FROM version_details d
    WHERE d.tenant_id = current_tenant() AND d.file_id = p_file AND d.version_id = p_version;
END $$;

-- Lets an available version speak for its file. `restored`, or why not: `current` (it does already), `unavailable`, `no_version`,
-- `no_file`.
CREATE FUNCTION restore_version(p_context jsonb, p_file uuid, p_version uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_current uuid;
  v_state version_state;
BEGIN
  PERFORM enter(p_context);
  SELECT f.current_version_id INTO v_current FROM files f
   WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 'no_file';
  END IF;
  SELECT v.state INTO v_state FROM file_versions v
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.file_id = p_file;
  IF NOT FOUND THEN
    RETURN 'no_version';
  ELSIF v_state <> 'available' THEN
    RETURN 'unavailable';
  ELSIF v_current = p_version THEN
    RETURN 'current';
  END IF;
  UPDATE files f SET current_version_id = p_version, version_chosen_at = clock_timestamp(), updated_at = now()
   WHERE f.tenant_id = current_tenant() AND f.id = p_file;
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
    VALUES (current_tenant(), p_context ->> 'actor', 'file.version_restored', p_file, p_version, p_context ->> 'requestId',
            jsonb_build_object('insteadOf', v_current));
  RETURN 'restored';
END $$;

-- clean → available. The version speaks for its file unless a newer one does already, or an older one was restored after this
-- upload began: scans end in any order, and a choice stands against what was under way when it was made.
CREATE OR REPLACE FUNCTION publish_version(p_context jsonb, p_version uuid, p_epoch integer) RETURNS TABLE (applied boolean, events jsonb) LANGUAGE plpgsql AS $$
DECLARE
  v_file uuid;
  v_created timestamptz;
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v SET state = 'available'
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.epoch = p_epoch AND v.state = 'clean'
   RETURNING v.file_id, v.created_at INTO v_file, v_created;
  IF v_file IS NOT NULL THEN
    UPDATE files f SET current_version_id = p_version, updated_at = now()
     WHERE f.tenant_id = current_tenant() AND f.id = v_file
       AND (f.version_chosen_at IS NULL OR v_created > f.version_chosen_at)
       AND NOT EXISTS (
         SELECT 1 FROM file_versions c
          WHERE c.tenant_id = f.tenant_id AND c.id = f.current_version_id AND (c.created_at, c.id) > (v_created, p_version));
  END IF;
  RETURN QUERY SELECT v_file IS NOT NULL,
    CASE WHEN v_file IS NOT NULL THEN new_events(current_tenant(), p_version) ELSE '[]'::jsonb END;
END $$;

GRANT SELECT ON version_details TO custody_app, custody_system;
