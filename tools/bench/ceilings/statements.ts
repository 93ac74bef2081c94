/** Made once by the owner of the tables; called by the role that row-level security holds. */
export const FUNCTIONS = `
CREATE OR REPLACE FUNCTION bench_read(p_tenant uuid, p_user uuid, p_file uuid)
RETURNS TABLE (id uuid, filename text, status text, created_at timestamptz, version_id uuid, state text, size bigint, sha256 text)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', p_tenant::text, true), set_config('app.actor', 'user:' || p_user, true);
  RETURN QUERY SELECT f.id, f.filename, f.status, f.created_at, v.id, v.state::text, v.size, v.sha256
    FROM files f JOIN file_versions v ON v.tenant_id = f.tenant_id AND v.id = f.current_version_id
    WHERE f.tenant_id = p_tenant AND f.id = p_file AND f.deleted_at IS NULL;
END $$;
CREATE OR REPLACE FUNCTION bench_grant(p_tenant uuid, p_user uuid, p_file uuid)
RETURNS TABLE (id uuid, filename text, status text, created_at timestamptz, version_id uuid, state text, size bigint, sha256 text)
LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT * FROM bench_read(p_tenant, p_user, p_file);
  INSERT INTO audit_log (tenant_id, actor, action, file_id, request_id)
    VALUES (p_tenant, 'user:' || p_user, 'file.download_url_created', p_file, gen_random_uuid()::text);
END $$;
CREATE OR REPLACE FUNCTION bench_uuid(p_text text) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN overlay(overlay(md5(p_text) PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid;
GRANT EXECUTE ON FUNCTION bench_read, bench_grant TO custody_app;
`;

export const SELECT_FILE = 'SELECT * FROM bench_read($1, $2, $3)';
export const SELECT_GRANT = 'SELECT * FROM bench_grant($1, $2, $3)';
