-- Multipart uploads (M6): the store's id of the upload and the size of its parts, fixed once.

ALTER TABLE file_versions
  ADD COLUMN multipart_id text,
  ADD COLUMN part_size bigint,
  ADD CONSTRAINT multipart_has_plan CHECK ((multipart_id IS NULL) = (part_size IS NULL));

-- Writes down the multipart upload of a version; the first one stays. Returns the one that holds, no row when the version is none that
-- awaits its upload.
CREATE FUNCTION open_multipart(p_context jsonb, p_version uuid, p_multipart_id text, p_part_size bigint)
RETURNS TABLE (multipart_id text, part_size bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY UPDATE file_versions v
     SET multipart_id = coalesce(v.multipart_id, p_multipart_id), part_size = coalesce(v.part_size, p_part_size)
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.state = 'awaiting_upload'
  RETURNING v.multipart_id, v.part_size;
END $$;

-- Writes down that URLs for parts are about to be signed (M37). False: the version takes no parts any more.
CREATE FUNCTION grant_parts(p_context jsonb, p_version uuid, p_detail jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
    SELECT v.tenant_id, p_context ->> 'actor', 'version.part_urls_created', v.file_id, v.id, p_context ->> 'requestId', p_detail
      FROM file_versions v
     WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.state = 'awaiting_upload' AND v.multipart_id IS NOT NULL;
  RETURN FOUND;
END $$;

-- Gives up the newest upload of a file while it takes parts: the version ends as rejected (deleted), and a file that has no other
-- goes with it. The file is locked first, as by delete_file.
CREATE FUNCTION abort_multipart(p_context jsonb, p_file uuid)
RETURNS TABLE (outcome text, version_id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_version file_versions;
BEGIN
  PERFORM enter(p_context);
  PERFORM 1 FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'no_file', NULL::uuid;
    RETURN;
  END IF;
  SELECT * INTO v_version FROM find_upload(p_context, p_file, NULL);
  UPDATE file_versions v SET state = 'rejected', reject_reason = 'deleted'
   WHERE v.tenant_id = current_tenant() AND v.id = v_version.id AND v.state = 'awaiting_upload' AND v.multipart_id IS NOT NULL;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'no_multipart', NULL::uuid;
    RETURN;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM file_versions v WHERE v.tenant_id = current_tenant() AND v.file_id = p_file AND v.id <> v_version.id) THEN
    PERFORM delete_file(p_context, p_file);
  END IF;
  RETURN QUERY SELECT 'aborted', v_version.id;
END $$;
