-- Uploads whose client cuts the parts, and may never say how long the file is (ADR 0025): declared_size 0 stands for a size nobody
-- declared (no upload has no bytes, S16), which size_limit bounds instead; a multipart upload without part_size has no plan.

ALTER TABLE file_versions
  ADD COLUMN size_limit bigint CHECK (size_limit > 0),
  DROP CONSTRAINT multipart_has_plan,
  ADD CONSTRAINT plan_has_multipart CHECK (part_size IS NULL OR multipart_id IS NOT NULL);

-- The most an upload of undeclared size may have. Until it is written down, the limit is nothing. False: the upload is over.
CREATE FUNCTION limit_upload(p_context jsonb, p_version uuid, p_limit bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v SET size_limit = p_limit
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.state = 'awaiting_upload';
  RETURN FOUND;
END $$;

-- As before, for one version when it is named.
DROP FUNCTION abort_multipart(jsonb, uuid);
CREATE FUNCTION abort_multipart(p_context jsonb, p_file uuid, p_version uuid DEFAULT NULL)
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
  SELECT * INTO v_version FROM find_upload(p_context, p_file, p_version);
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

-- Writes down that an upload token is handed out (M37), bound to a folder when one is named; refuses one that is not there.
CREATE FUNCTION grant_upload_token(p_context jsonb, p_folder uuid, p_detail jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  IF p_folder IS NOT NULL THEN
    PERFORM hold_folder(current_tenant(), p_folder);
  END IF;
  INSERT INTO audit_log (tenant_id, actor, action, request_id, detail)
    VALUES (current_tenant(), p_context ->> 'actor', 'upload_token.created', p_context ->> 'requestId', p_detail);
END $$;
