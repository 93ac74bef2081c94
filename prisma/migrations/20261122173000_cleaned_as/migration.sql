-- One function for everybody who removes the bytes of ended versions, with the state each was in when they went: of an available one only
-- those in staging, so one that a rescan has withdrawn meanwhile is not marked, and whoever removes its bytes in main finds it. Reapers of
-- the version before this call it without states: they mark nothing that was withdrawn.
DROP FUNCTION mark_versions_cleaned(uuid[], uuid[]);
CREATE FUNCTION mark_versions_cleaned(p_tenants uuid[], p_versions uuid[], p_states version_state[] DEFAULT NULL)
RETURNS void LANGUAGE sql VOLATILE AS $$
  UPDATE file_versions v SET cleaned_at = now() FROM unnest(p_tenants, p_versions, p_states) AS c (tenant_id, id, state)
   WHERE v.tenant_id = c.tenant_id AND v.id = c.id AND v.state IN ('available', 'rejected')
     AND CASE WHEN c.state IS NULL THEN v.withdrawn_at IS NULL ELSE v.state = c.state END;
$$;
REVOKE EXECUTE ON FUNCTION mark_versions_cleaned(uuid[], uuid[], version_state[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mark_versions_cleaned(uuid[], uuid[], version_state[]) TO custody_system;

-- Workers of the version before this leave the mark to the reaper.
DROP FUNCTION mark_cleaned(jsonb, uuid);
DROP FUNCTION mark_staging_cleared(uuid[], uuid[]);
