-- The file is looked up once for its audit row and for the answer.
CREATE OR REPLACE FUNCTION grant_download(p_context jsonb, p_file uuid, p_detail jsonb) RETURNS SETOF file_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY
    WITH found AS MATERIALIZED (
      SELECT * FROM file_details d WHERE d.tenant_id = current_tenant() AND d.file_id = p_file
    ), noted AS (
      INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
        SELECT f.tenant_id, p_context ->> 'actor', 'file.download_url_created', f.file_id, f.version_id, p_context ->> 'requestId', p_detail
          FROM found f WHERE f.state = 'available'
    )
    SELECT * FROM found;
END $$;
