-- A run's counts add up to its total when it is done, whatever was queued before it and whatever happens meanwhile (ADR 0035).

-- As before, but a version that waits already, asked for by itself or by another run, is the tenant's run's from now on and counts in
-- it; the run over all takes only what no run has. What became available since the run began is added to its total.
CREATE OR REPLACE FUNCTION feed_rescans(p_signatures bigint, p_batch integer, p_look integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  c_all CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
  v_run rescan_runs;
  v_served text;
  v_end_at timestamptz;
  v_end_id uuid;
  v_next file_versions[];
BEGIN
  SELECT * INTO v_run FROM rescan_runs r
   WHERE r.state = 'running' AND r.cursor_at IS NOT NULL AND r.signatures <= p_signatures
     AND (SELECT count(*) FROM rescans q WHERE q.run_id = r.id) < p_batch
   ORDER BY r.tenant_id = c_all, r.started_at LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  v_served := format('FROM file_versions v WHERE %s v.state = ''available'' AND (v.ended_at, v.id) < ($2, $3)',
                     CASE WHEN v_run.tenant_id <> c_all THEN 'v.tenant_id = $1 AND' END);
  EXECUTE format('SELECT v.ended_at, v.id %s ORDER BY v.ended_at DESC, v.id DESC OFFSET $4 - 1 LIMIT 1', v_served)
     INTO v_end_at, v_end_id USING v_run.tenant_id, v_run.cursor_at, v_run.cursor_id, p_look;
  EXECUTE format('SELECT ARRAY(SELECT v %s AND ($5 IS NULL OR (v.ended_at, v.id) >= ($5, $6)) AND v.scanned_at < $7
                     AND ($8 = 0 OR signature_number(v.signature_version) < $8)
                   ORDER BY v.ended_at DESC, v.id DESC LIMIT $4)', v_served)
     INTO v_next USING v_run.tenant_id, v_run.cursor_at, v_run.cursor_id, p_batch, v_end_at, v_end_id, v_run.scanned_before, v_run.signatures;
  INSERT INTO rescans AS r (tenant_id, version_id, file_id, priority, run_id, min_signatures, requested_by)
    SELECT n.tenant_id, n.id, n.file_id, CASE v_run.tenant_id WHEN c_all THEN 2 ELSE 1 END, v_run.id, v_run.signatures, v_run.started_by
      FROM unnest(v_next) n
      JOIN files f ON f.tenant_id = n.tenant_id AND f.id = n.file_id AND f.deleted_at IS NULL
     ORDER BY n.ended_at DESC, n.id DESC
    ON CONFLICT (tenant_id, version_id) DO UPDATE SET run_id = EXCLUDED.run_id, priority = least(r.priority, EXCLUDED.priority)
      WHERE r.run_id IS NULL OR v_run.tenant_id <> c_all;
  IF cardinality(v_next) = p_batch THEN
    v_end_at := (v_next[p_batch]).ended_at;
    v_end_id := (v_next[p_batch]).id;
  END IF;
  UPDATE rescan_runs r
     SET cursor_at = v_end_at, cursor_id = coalesce(v_end_id, r.cursor_id),
         total = r.total + (SELECT count(*) FROM unnest(v_next) n WHERE n.ended_at > r.started_at)
   WHERE r.tenant_id = v_run.tenant_id AND r.id = v_run.id;
  RETURN true;
END $$;

-- As before; what the run did not come to (deleted, withdrawn or scanned meanwhile) was skipped.
CREATE OR REPLACE FUNCTION end_rescan_runs() RETURNS void LANGUAGE sql VOLATILE AS $$
  WITH ended AS (
    UPDATE rescan_runs r SET state = 'done', ended_at = now(),
           total = r.total + greatest(0, r.clean + r.withdrawn + r.inconclusive + r.skipped - r.total),
           skipped = greatest(r.skipped, r.total - r.clean - r.withdrawn - r.inconclusive)
     WHERE r.state = 'running' AND r.cursor_at IS NULL AND NOT EXISTS (SELECT 1 FROM rescans q WHERE q.run_id = r.id)
    RETURNING r.*)
  INSERT INTO audit_log (tenant_id, actor, action, detail)
    SELECT e.tenant_id, 'system:scan-worker', 'rescan.ended', jsonb_build_object(
             'runId', e.id, 'clean', e.clean, 'withdrawn', e.withdrawn, 'inconclusive', e.inconclusive, 'skipped', e.skipped)
      FROM ended e WHERE e.signatures = 0;
$$;

-- As before, but what a tenant's run had taken from the run over all is left to its queue: no tenant takes a version out of that.
CREATE OR REPLACE FUNCTION stop_run(p_tenant uuid, p_run uuid, p_reason text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c_all CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
  UPDATE rescan_runs r SET state = 'stopped', stop_reason = p_reason, ended_at = now(), cursor_at = NULL
   WHERE r.tenant_id = p_tenant AND r.id = p_run AND r.state = 'running';
  WITH waiting AS MATERIALIZED (
    SELECT x.tenant_id, x.version_id, x.min_signatures > 0 AND p_tenant <> c_all AS taken FROM rescans x
     WHERE x.run_id = p_run AND x.priority > 0 AND (x.lease_until IS NULL OR x.lease_until < clock_timestamp())
     FOR UPDATE SKIP LOCKED),
  left_again AS (
    UPDATE rescans r SET run_id = NULL, priority = 2 FROM waiting w
     WHERE w.taken AND r.tenant_id = w.tenant_id AND r.version_id = w.version_id)
  DELETE FROM rescans r USING waiting w WHERE NOT w.taken AND r.tenant_id = w.tenant_id AND r.version_id = w.version_id;
END $$;
