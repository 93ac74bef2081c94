-- What the nodes of one GraphQL answer ask for, in one step however many they are. Each does what its namesake for one file or folder
-- does, for all that the actor sees; order is the caller's business.

CREATE FUNCTION find_folders(p_context jsonb, p_folders uuid[]) RETURNS SETOF folder_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT d.* FROM folder_details d WHERE d.tenant_id = current_tenant() AND d.folder_id = ANY (p_folders);
END $$;

-- The p_limit newest versions of each file.
CREATE FUNCTION newest_versions(p_context jsonb, p_files uuid[], p_limit integer) RETURNS SETOF version_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT d.* FROM unnest(p_files) f (id)
    CROSS JOIN LATERAL (
      SELECT * FROM version_details v WHERE v.tenant_id = current_tenant() AND v.file_id = f.id
      ORDER BY v.created_at DESC, v.version_id DESC LIMIT p_limit
    ) d
    ORDER BY d.file_id, d.created_at DESC, d.version_id DESC;
END $$;

CREATE FUNCTION grant_downloads(p_context jsonb, p_files uuid[], p_detail jsonb) RETURNS SETOF file_details LANGUAGE plpgsql AS $$
DECLARE
  v_found file_details[];
BEGIN
  PERFORM enter(p_context);
  v_found := ARRAY(SELECT d FROM file_details d WHERE d.tenant_id = current_tenant() AND d.file_id = ANY (p_files));
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
    SELECT d.tenant_id, p_context ->> 'actor', 'file.download_url_created', d.file_id, d.version_id, p_context ->> 'requestId', p_detail
      FROM unnest(v_found) d WHERE d.state = 'available';
  RETURN QUERY SELECT * FROM unnest(v_found);
END $$;

CREATE FUNCTION grant_thumbnails(p_context jsonb, p_files uuid[], p_size integer, p_detail jsonb)
RETURNS SETOF file_details LANGUAGE plpgsql AS $$
DECLARE
  v_found file_details[];
BEGIN
  PERFORM enter(p_context);
  v_found := ARRAY(SELECT d FROM file_details d WHERE d.tenant_id = current_tenant() AND d.file_id = ANY (p_files));
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
    SELECT d.tenant_id, p_context ->> 'actor', 'file.thumbnail_url_created', d.file_id, d.version_id, p_context ->> 'requestId', p_detail
      FROM unnest(v_found) d WHERE d.state = 'available' AND p_size = ANY (d.thumbnails);
  RETURN QUERY SELECT * FROM unnest(v_found);
END $$;
