-- How far the scan of a file in windows has come (S12, S17): {offset, hash, engine}. All bytes before `offset` were hashed into `hash`,
-- the hash function's state, and every window that ends there or before was clean.

ALTER TABLE file_versions ADD COLUMN scan_checkpoint jsonb;

CREATE FUNCTION find_scan_checkpoint(p_context jsonb, p_version uuid, p_epoch integer) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN (SELECT v.scan_checkpoint FROM file_versions v
           WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.epoch = p_epoch AND v.state = 'scanning');
END $$;

-- Progress also forgives the starts before it: what counts against a version are starts without progress (F15).
CREATE FUNCTION save_scan_checkpoint(p_context jsonb, p_version uuid, p_epoch integer, p_checkpoint jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v SET scan_checkpoint = p_checkpoint, starts = least(v.starts, 1)
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.epoch = p_epoch AND v.state = 'scanning';
  RETURN FOUND;
END $$;
