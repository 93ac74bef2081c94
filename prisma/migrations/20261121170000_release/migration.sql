-- An administrator decides about a held version (S17). A release is a verdict of its own: nothing says clean of bytes no engine saw.

ALTER TABLE file_versions
  DROP CONSTRAINT file_versions_verdict_check,
  ADD CONSTRAINT file_versions_verdict_check CHECK (verdict IN ('clean', 'infected', 'unscannable', 'mismatch', 'released')),
  DROP CONSTRAINT clean_has_verdict,
  ADD CONSTRAINT clean_has_verdict CHECK (
    state NOT IN ('clean', 'available') OR (sha256 IS NOT NULL
      AND (verdict = 'clean' AND coverage IN ('full', 'windowed') OR verdict = 'released' AND coverage = 'none')));

-- held → clean (release) or held → rejected, with a reason. A released version is left as one whose worker died after its verdict: the next
-- claim promotes it. `outcome`: no_file, no_version, not_held, decided.
CREATE FUNCTION decide_held_version(p_context jsonb, p_file uuid, p_version uuid, p_decision text, p_reason text)
RETURNS TABLE (outcome text, events jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_state version_state;
BEGIN
  PERFORM enter(p_context);
  PERFORM 1 FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'no_file', '[]'::jsonb;
    RETURN;
  END IF;
  SELECT v.state INTO v_state FROM file_versions v
   WHERE v.tenant_id = current_tenant() AND v.file_id = p_file AND v.id = p_version FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'no_version', '[]'::jsonb;
    RETURN;
  ELSIF v_state <> 'held' THEN
    RETURN QUERY SELECT 'not_held', '[]'::jsonb;
    RETURN;
  END IF;
  IF p_decision = 'release' THEN
    UPDATE file_versions v SET state = 'clean', verdict = 'released', lease_until = now()
     WHERE v.tenant_id = current_tenant() AND v.id = p_version;
    INSERT INTO outbox (tenant_id, type, file_id, version_id, request_id, traceparent)
      VALUES (current_tenant(), 'scan.requested', p_file, p_version, p_context ->> 'requestId', p_context ->> 'traceparent');
  ELSE
    UPDATE file_versions v SET state = 'rejected', reject_reason = 'unscannable', reject_detail = 'rejected by an administrator'
     WHERE v.tenant_id = current_tenant() AND v.id = p_version;
  END IF;
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
    VALUES (current_tenant(), p_context ->> 'actor', 'file.held_version_' || CASE p_decision WHEN 'release' THEN 'released' ELSE 'rejected' END,
            p_file, p_version, p_context ->> 'requestId', jsonb_build_object('reason', p_reason));
  RETURN QUERY SELECT 'decided', new_events(current_tenant(), p_version);
END $$;

-- Both as before, for a released version too: it has passed, so a copy of it may be in main.
CREATE OR REPLACE FUNCTION claim_ended(p_after interval, p_every interval, p_limit integer)
RETURNS TABLE (tenant_id uuid, file_id uuid, version_id uuid, bucket text, state version_state, passed boolean) LANGUAGE sql VOLATILE AS $$
  WITH picked AS MATERIALIZED (
     SELECT x.tenant_id, x.id FROM file_versions x
      WHERE x.cleaned_at IS NULL AND x.state IN ('available', 'rejected')
        AND (coalesce(x.verdict, '') NOT IN ('clean', 'released') OR x.ended_at < clock_timestamp() - p_after)
        AND (x.reconcile_at IS NULL OR x.reconcile_at <= clock_timestamp())
      ORDER BY x.ended_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE file_versions v SET reconcile_at = clock_timestamp() + p_every
    FROM picked p, files f
   WHERE f.tenant_id = v.tenant_id AND f.id = v.file_id AND v.tenant_id = p.tenant_id AND v.id = p.id
  RETURNING v.tenant_id, v.file_id, v.id, f.bucket, v.state, coalesce(v.verdict, '') IN ('clean', 'released');
$$;

CREATE OR REPLACE FUNCTION version_states(p_tenants uuid[], p_versions uuid[])
RETURNS TABLE (version_id uuid, state version_state, passed boolean, deleted boolean, purged boolean) LANGUAGE sql STABLE AS $$
  SELECT v.id, v.state, coalesce(v.verdict, '') IN ('clean', 'released'), f.deleted_at IS NOT NULL, f.purged_at IS NOT NULL
    FROM unnest(p_tenants, p_versions) AS c (tenant_id, id)
    JOIN file_versions v ON v.tenant_id = c.tenant_id AND v.id = c.id
    JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id;
$$;
