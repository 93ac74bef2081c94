const ACTIONS: Readonly<Record<string, string>> = {
  'file.presigned': 'asked for an upload URL',
  'file.confirmed': 'finished the upload',
  'file.updated': 'changed the file',
  'file.deleted': 'deleted the file',
  'file.restored': 'restored the file',
  'file.download_url_created': 'got a download URL',
  'file.shared': 'shared the file',
  'file.unshared': 'ended a share',
  'version.uploaded': 'bytes arrived',
  'version.scanning': 'began the scan',
  'version.clean': 'found nothing',
  'version.available': 'made it available',
  'version.rejected': 'refused it',
  'version.held': 'held it back',
  'version.released': 'released it',
};

/** An action of the audit log in words; unknown ones are spelled out. */
export const actionWords = (action: string): string =>
  ACTIONS[action] ?? action.replace('.', ': ').replaceAll('_', ' ');
