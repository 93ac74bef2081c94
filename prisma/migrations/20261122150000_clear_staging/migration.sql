-- Notes that the staging bytes of these versions are gone (ADR 0031). A version that a rescan has withdrawn meanwhile has bytes in main that
-- must go too: it stays with whoever removes those.
CREATE FUNCTION mark_staging_cleared(p_tenants uuid[], p_versions uuid[]) RETURNS void LANGUAGE sql VOLATILE AS $$
  UPDATE file_versions v SET cleaned_at = now() FROM unnest(p_tenants, p_versions) AS c (tenant_id, id)
   WHERE v.tenant_id = c.tenant_id AND v.id = c.id AND v.state IN ('available', 'rejected') AND v.withdrawn_at IS NULL;
$$;
REVOKE EXECUTE ON FUNCTION mark_staging_cleared(uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mark_staging_cleared(uuid[], uuid[]) TO custody_system;
