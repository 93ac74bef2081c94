-- The same answers with less to make ready. PostgreSQL prepares every column of every join and every call in a policy at each execution,
-- which takes longer than reading the few rows of one file.

-- Files of a group ask a function, whose parts are made ready when it is called. It stands beside `actor_reaches`, which the
-- policies of changes use.
CREATE FUNCTION actor_sees_grouped(p_tenant uuid, p_file uuid, p_creator uuid, p_group uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN actor_reaches(p_tenant, p_creator, p_group) OR actor_has_share(p_tenant, p_file);
END $$;

ALTER POLICY visible ON files USING (
  tenant_id = current_tenant()
  AND (access_group_id IS NULL OR actor_sees_grouped(tenant_id, id, created_by, access_group_id)));

-- The columns are those of before. Only what is shown is taken from a version, and what is one value is no join: each join
-- hands on all columns found so far. Derivations are looked up by version whatever the planner believes their number to be.
CREATE OR REPLACE VIEW file_details WITH (security_invoker = true) AS
  SELECT f.tenant_id, f.id AS file_id, f.bucket, f.filename, f.metadata, f.created_by, f.created_at, f.updated_at,
         v.id AS version_id, v.state, v.reject_reason, v.reject_detail, v.mime_type, v.declared_mime_type, v.declared_size,
         v.declared_sha256, v.store_version, v.size, v.sha256, v.verdict, v.coverage, v.engine_version, v.signature_version,
         v.scanned_at,
         f.folder_id, v.folder_path, f.notes,
         f.revision || '-' || left(md5(concat_ws(' ', v.id, v.state, v.size, v.folder_path)), 8) AS entity_tag,
         f.access_group_id, f.is_valid,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('type', l.subject_type, 'id', l.subject_id)
                                    ORDER BY l.linked_at, l.subject_type, l.subject_id), '[]')
            FROM subject_links l WHERE l.tenant_id = f.tenant_id AND l.file_id = f.id AND l.linked_at IS NOT NULL) AS subjects,
         (SELECT t.derivation FROM derivable_types t WHERE t.mime_type = v.mime_type) AS derivation,
         d.status AS derivation_status, d.reason AS derivation_reason, d.width, d.height, d.page_count,
         coalesce(d.thumbnails, '{}') AS thumbnails,
         shown_scan_progress(v.state, v.scan_progress) AS scan_progress
  FROM files f
  JOIN LATERAL (
    SELECT x.tenant_id, x.id, x.state, x.reject_reason, x.reject_detail, x.mime_type, x.declared_mime_type, x.declared_size,
           x.declared_sha256, x.store_version, x.size, x.sha256, x.verdict, x.coverage, x.engine_version, x.signature_version,
           x.scanned_at, x.scan_progress,
           CASE WHEN f.folder_id IS NULL THEN '/' ELSE folder_path(f.tenant_id, f.folder_id) END AS folder_path
      FROM file_versions x
     WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id
     ORDER BY (x.id = f.current_version_id) DESC NULLS LAST, x.created_at DESC LIMIT 1
  ) v ON true
  LEFT JOIN LATERAL (SELECT * FROM derivations y WHERE y.tenant_id = v.tenant_id AND y.version_id = v.id OFFSET 0) d ON true
  WHERE f.deleted_at IS NULL;

-- What doors to bytes need of a file; the version is the one of `file_details`.
CREATE VIEW served_files WITH (security_invoker = true) AS
  SELECT f.tenant_id, f.id AS file_id, v.id AS version_id, f.bucket, f.filename, v.mime_type, v.state, v.size, v.sha256
  FROM files f
  JOIN LATERAL (
    SELECT x.id, x.mime_type, x.state, x.size, x.sha256
      FROM file_versions x
     WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id
     ORDER BY (x.id = f.current_version_id) DESC NULLS LAST, x.created_at DESC LIMIT 1
  ) v ON true
  WHERE f.deleted_at IS NULL;
GRANT SELECT ON served_files TO custody_app, custody_system;

-- As `grant_download`, which processes of before still call, with what a URL needs.
CREATE FUNCTION grant_url(p_context jsonb, p_file uuid, p_detail jsonb) RETURNS SETOF served_files LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY
    WITH found AS MATERIALIZED (
      SELECT * FROM served_files s WHERE s.tenant_id = current_tenant() AND s.file_id = p_file
    ), noted AS (
      INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
        SELECT f.tenant_id, p_context ->> 'actor', 'file.download_url_created', f.file_id, f.version_id, p_context ->> 'requestId', p_detail
          FROM found f WHERE f.state = 'available'
    )
    SELECT * FROM found;
END $$;
