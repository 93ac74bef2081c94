-- The listing by subject (M28), and uploads straight into a folder (M30).

-- The owner's function that finds candidates reads links as it reads files: every row, ids only (ADR 0010).
CREATE POLICY listing ON subject_links FOR SELECT TO CURRENT_USER USING (true);

-- One condition for each filter that is given. Values are bound ($2 is the filter); nothing of a request becomes text. What CASE wraps
-- repeats exactly what the columns before it say nearly: a guess at how many rows it leaves would be counted twice.
CREATE OR REPLACE FUNCTION file_conditions(p_filter jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(string_agg(' AND ' || c.condition, ''), '')
    FROM (VALUES
      ('id', $c$f.id = ($2 ->> 'id')::uuid$c$),
      ('name', $c$f.name_key >= name_key($2 ->> 'name') AND f.name_key < name_key($2 ->> 'name') || chr(1114111)
                  AND CASE WHEN starts_with(lower(f.filename COLLATE "pg_c_utf8"), lower($2 ->> 'name' COLLATE "pg_c_utf8")) THEN true END$c$),
      ('filename', $c$f.name_key = name_key($2 ->> 'filename') AND CASE WHEN f.filename = $2 ->> 'filename' THEN true END$c$),
      ('mimeType', $c$f.mime_type = $2 ->> 'mimeType'$c$),
      ('createdBy', $c$f.created_by = ($2 ->> 'createdBy')::uuid$c$),
      ('createdFrom', $c$f.created_at >= ($2 ->> 'createdFrom')::timestamptz$c$),
      ('createdTo', $c$f.created_at < ($2 ->> 'createdTo')::timestamptz$c$),
      ('updatedFrom', $c$f.updated_at >= ($2 ->> 'updatedFrom')::timestamptz$c$),
      ('updatedTo', $c$f.updated_at < ($2 ->> 'updatedTo')::timestamptz$c$),
      ('bucket', $c$f.bucket = $2 ->> 'bucket'$c$),
      ('status', $c$f.status = $2 ->> 'status'$c$),
      ('folderKey', $c$f.folder_key = ($2 ->> 'folderKey')::uuid$c$),
      ('subject', $c$EXISTS (SELECT 1 FROM subject_links l
                  WHERE l.tenant_id = $1 AND l.file_id = f.id AND l.subject_type = $2 #>> '{subject,type}'
                    AND l.subject_id = $2 #>> '{subject,id}' AND l.linked_at IS NOT NULL)$c$),
      ('metadata', $c$f.terms @> metadata_terms($1, $2 -> 'metadata') AND CASE WHEN f.metadata @> ($2 -> 'metadata') THEN true END$c$),
      ('externalId', $c$(f.terms @> metadata_terms($1, jsonb_build_object('externalId', $2 -> 'externalId'))
                      OR f.terms @> metadata_terms($1, jsonb_build_object('externalIds', jsonb_build_array($2 -> 'externalId'))))
                  AND CASE WHEN f.metadata -> 'externalId' = $2 -> 'externalId' OR f.metadata -> 'externalIds' @> ($2 -> 'externalId') THEN true END$c$)
    ) c (filter, condition)
   WHERE p_filter ? c.filter;
$$;

-- Where a new upload belongs, in the transaction that made it. p_placement: {accessGroupId?, folderId?, subject?: {type, id}}.
-- The link to the subject counts from the confirm on.
CREATE OR REPLACE FUNCTION place_file(p_context jsonb, p_file uuid, p_placement jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  IF p_placement ? 'accessGroupId' THEN
    UPDATE files f SET access_group_id = (p_placement ->> 'accessGroupId')::uuid WHERE f.tenant_id = current_tenant() AND f.id = p_file;
  END IF;
  IF p_placement ? 'folderId' THEN
    PERFORM hold_folder(current_tenant(), (p_placement ->> 'folderId')::uuid);
    UPDATE files f SET folder_id = (p_placement ->> 'folderId')::uuid WHERE f.tenant_id = current_tenant() AND f.id = p_file;
    INSERT INTO audit_log (tenant_id, actor, action, file_id, request_id, detail)
      SELECT f.tenant_id, p_context ->> 'actor', 'file.updated', f.id, p_context ->> 'requestId', jsonb_build_object(
               'changed', ARRAY['folderId'],
               'before', jsonb_build_object('filename', f.filename, 'folderId', NULL),
               'after', jsonb_build_object('filename', f.filename, 'folderId', f.folder_id))
        FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file;
  END IF;
  IF p_placement ? 'subject' THEN
    INSERT INTO subject_links (tenant_id, file_id, subject_type, subject_id, created_by)
      VALUES (current_tenant(), p_file, p_placement #>> '{subject,type}', p_placement #>> '{subject,id}', p_context ->> 'actor');
  END IF;
  RETURN true;
END $$;
