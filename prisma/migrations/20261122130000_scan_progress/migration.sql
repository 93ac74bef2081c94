-- How far a running scan has come, for clients that wait (M20, ADR 0027): {scannedBytes, totalBytes, at}. It is news about a version, no
-- change of it: no event of the feed, no audit row, no other entity tag. Archives beyond the engine's reach are scanned by their members.

ALTER TABLE file_versions ADD COLUMN scan_progress jsonb,
  DROP CONSTRAINT file_versions_coverage_check,
  ADD CONSTRAINT file_versions_coverage_check CHECK (coverage IN ('full', 'windowed', 'members', 'none')),
  DROP CONSTRAINT clean_has_verdict,
  ADD CONSTRAINT clean_has_verdict CHECK (
    state NOT IN ('clean', 'available') OR (sha256 IS NOT NULL
      AND (verdict = 'clean' AND coverage IN ('full', 'windowed', 'members') OR verdict = 'released' AND coverage = 'none')));

CREATE FUNCTION scan_progress_of(p_scanned bigint, p_total bigint) RETURNS jsonb LANGUAGE sql VOLATILE
RETURN jsonb_build_object('scannedBytes', p_scanned, 'totalBytes', p_total,
  'at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));

-- Only what waits for a verdict has progress: afterwards there is the verdict.
CREATE FUNCTION shown_scan_progress(p_state version_state, p_progress jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
RETURN CASE WHEN p_state IN ('uploaded', 'scanning') THEN p_progress END;

-- As append_file_event does: who writes this step wakes the readers once it is committed.
CREATE FUNCTION tell_scan_progress(p_file uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE NOTICE USING MESSAGE = 'custody.file_event', DETAIL = current_tenant() || ' ' || p_file;
END $$;

-- The renewal carries the progress: no round trip of its own. Workers of the version before this call it without.
DROP FUNCTION renew_lease(jsonb, uuid, integer, interval);
CREATE FUNCTION renew_lease(
  p_context jsonb, p_version uuid, p_epoch integer, p_lease interval, p_scanned bigint DEFAULT NULL, p_total bigint DEFAULT NULL
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_file uuid;
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v SET lease_until = clock_timestamp() + p_lease,
         scan_progress = CASE WHEN v.state = 'scanning' AND p_scanned IS NOT NULL THEN scan_progress_of(p_scanned, p_total) ELSE v.scan_progress END
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.epoch = p_epoch AND v.state IN ('scanning', 'clean')
   RETURNING v.file_id INTO v_file;
  IF v_file IS NOT NULL AND p_scanned IS NOT NULL THEN
    PERFORM tell_scan_progress(v_file);
  END IF;
  RETURN v_file IS NOT NULL;
END $$;

DROP FUNCTION save_scan_checkpoint(jsonb, uuid, integer, jsonb);
CREATE FUNCTION save_scan_checkpoint(
  p_context jsonb, p_version uuid, p_epoch integer, p_checkpoint jsonb, p_scanned bigint DEFAULT NULL, p_total bigint DEFAULT NULL
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_file uuid;
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v SET scan_checkpoint = p_checkpoint, starts = least(v.starts, 1),
         scan_progress = CASE WHEN p_scanned IS NULL THEN v.scan_progress ELSE scan_progress_of(p_scanned, p_total) END
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.epoch = p_epoch AND v.state = 'scanning'
   RETURNING v.file_id INTO v_file;
  IF v_file IS NOT NULL AND p_scanned IS NOT NULL THEN
    PERFORM tell_scan_progress(v_file);
  END IF;
  RETURN v_file IS NOT NULL;
END $$;

CREATE OR REPLACE VIEW file_details WITH (security_invoker = true) AS
  SELECT f.tenant_id, f.id AS file_id, f.bucket, f.filename, f.metadata, f.created_by, f.created_at, f.updated_at,
         v.id AS version_id, v.state, v.reject_reason, v.reject_detail, v.mime_type, v.declared_mime_type, v.declared_size,
         v.declared_sha256, v.store_version, v.size, v.sha256, v.verdict, v.coverage, v.engine_version, v.signature_version,
         v.scanned_at,
         f.folder_id, p.folder_path, f.notes,
         f.revision || '-' || left(md5(concat_ws(' ', v.id, v.state, v.size, p.folder_path)), 8) AS entity_tag,
         f.access_group_id, f.is_valid, s.subjects,
         t.derivation, d.status AS derivation_status, d.reason AS derivation_reason, d.width, d.height, d.page_count,
         coalesce(d.thumbnails, '{}') AS thumbnails,
         shown_scan_progress(v.state, v.scan_progress) AS scan_progress
  FROM files f
  JOIN LATERAL (
    SELECT * FROM file_versions x
    WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id
    ORDER BY (x.id = f.current_version_id) DESC NULLS LAST, x.created_at DESC LIMIT 1
  ) v ON true
  CROSS JOIN LATERAL (SELECT CASE WHEN f.folder_id IS NULL THEN '/' ELSE folder_path(f.tenant_id, f.folder_id) END AS folder_path OFFSET 0) p
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object('type', l.subject_type, 'id', l.subject_id)
                              ORDER BY l.linked_at, l.subject_type, l.subject_id), '[]') AS subjects
    FROM subject_links l WHERE l.tenant_id = f.tenant_id AND l.file_id = f.id AND l.linked_at IS NOT NULL
  ) s
  LEFT JOIN derivable_types t ON t.mime_type = v.mime_type
  LEFT JOIN derivations d ON d.tenant_id = v.tenant_id AND d.version_id = v.id
  WHERE f.deleted_at IS NULL;

CREATE OR REPLACE VIEW version_details WITH (security_invoker = true) AS
  SELECT v.tenant_id, v.file_id, v.id AS version_id, f.bucket, f.filename, v.state, v.reject_reason, v.mime_type, v.declared_size,
         v.size, v.sha256, v.coverage, v.engine_version, v.signature_version, v.scanned_at, v.created_by, v.created_at,
         f.current_version_id IS NOT DISTINCT FROM v.id AS current,
         shown_scan_progress(v.state, v.scan_progress) AS scan_progress
  FROM files f
  JOIN file_versions v ON v.tenant_id = f.tenant_id AND v.file_id = f.id
  WHERE f.deleted_at IS NULL;

-- Both readers of the feed also tell how far the scans have come that run now. It has no number: who comes back reads the newest.
DROP FUNCTION read_tenant_events(jsonb, bigint, integer);
CREATE FUNCTION read_tenant_events(p_context jsonb, p_after bigint, p_limit integer)
RETURNS TABLE (head bigint, trimmed bigint, events jsonb, progress jsonb) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT coalesce(max(t.head), 0), coalesce(max(t.trimmed), 0), (
      SELECT coalesce(jsonb_agg(file_event_view(e) ORDER BY e.seq), '[]')
        FROM (SELECT * FROM file_events x WHERE x.tenant_id = current_tenant() AND x.seq > p_after ORDER BY x.seq LIMIT p_limit) e), (
      SELECT coalesce(jsonb_agg(jsonb_build_object('fileId', v.file_id, 'versionId', v.id) || v.scan_progress), '[]')
        FROM file_versions v
       WHERE v.tenant_id = current_tenant() AND v.state = 'scanning' AND v.lease_until > clock_timestamp() AND v.scan_progress IS NOT NULL)
    FROM tenant_feeds t WHERE t.tenant_id = current_tenant();
END $$;

DROP FUNCTION read_file_events(jsonb, uuid, bigint, integer);
CREATE FUNCTION read_file_events(p_context jsonb, p_file uuid, p_after bigint, p_limit integer)
RETURNS TABLE (
  head bigint, trimmed bigint, events jsonb, deleted boolean, version_id uuid, state version_state, reject_reason reject_reason,
  read_at timestamptz, progress jsonb
) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT coalesce(t.head, 0), coalesce(t.trimmed, 0), p.events, f.deleted_at IS NOT NULL, v.id, v.state, v.reject_reason,
         clock_timestamp(), CASE WHEN v.state = 'scanning' AND v.scan_progress IS NOT NULL
           THEN jsonb_build_array(jsonb_build_object('fileId', f.id, 'versionId', v.id) || v.scan_progress) ELSE '[]' END
    FROM files f
    LEFT JOIN tenant_feeds t ON t.tenant_id = f.tenant_id
    CROSS JOIN LATERAL (
      SELECT x.id, x.state, x.reject_reason, x.scan_progress FROM file_versions x
       WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id ORDER BY x.created_at DESC, x.id DESC LIMIT 1) v
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(file_event_view(e) ORDER BY e.seq), '[]') AS events
        FROM (SELECT * FROM file_events x
               WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id AND x.seq > p_after ORDER BY x.seq LIMIT p_limit) e) p
    WHERE f.tenant_id = current_tenant() AND f.id = p_file;
END $$;
