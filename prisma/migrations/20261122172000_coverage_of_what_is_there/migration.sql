-- As before, without what was deleted: no run scans it, and its row stays for ever.
CREATE OR REPLACE FUNCTION verdict_coverage(p_signatures bigint) RETURNS TABLE (stale bigint, available bigint) LANGUAGE sql STABLE AS $$
  SELECT count(*) FILTER (WHERE signature_number(v.signature_version) < p_signatures), count(*)
    FROM file_versions v JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id
   WHERE v.state = 'available' AND f.deleted_at IS NULL;
$$;
