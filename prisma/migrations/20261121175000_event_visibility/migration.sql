-- OFFSET 0 has the file looked up for each event of a page. Without it the planner may choose to read all files into a hash first, since it
-- cannot know that a reader asks for the last few events only.
DROP POLICY visible ON file_events;
CREATE POLICY visible ON file_events FOR SELECT USING (tenant_id = (SELECT current_tenant()) AND (
  (SELECT actor_sees_all())
  OR EXISTS (SELECT 1 FROM files f WHERE f.tenant_id = file_events.tenant_id AND f.id = file_events.file_id OFFSET 0)));
