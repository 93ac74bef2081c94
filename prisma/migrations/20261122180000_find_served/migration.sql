-- What the door to a file's bytes needs, which a player asks for range after range.
CREATE FUNCTION find_served(p_context jsonb, p_file uuid) RETURNS SETOF served_files LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM served_files s WHERE s.tenant_id = current_tenant() AND s.file_id = p_file;
END $$;
