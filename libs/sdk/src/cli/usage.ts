/** What `custody --help` prints. */
export const USAGE = `Usage:
  custody upload FILE…            upload files and wait until each is available
  custody download FILE_ID        write a file to disk; goes on with a part that is there
  custody ls [FOLDER]             list files and folders, of the root or of /a/path or a folder id
  custody status FILE_ID          how a file stands
  custody unfinished              uploads that can be gone on with

Where and who:
  CUSTODY_URL                     the service, as https://files.example.com      (or --url)
  CUSTODY_TOKEN                   a bearer token of your authorization server
  CUSTODY_TOKEN_COMMAND           instead: a command that prints one; asked again when it has run out

Options of upload:
  --bucket NAME                   avatars, assets, documents (default), exports or modules
  --folder FOLDER                 a path as /cases/A-1, or a folder id
  --subject TYPE:ID               what the files are about, as case:A-1
  --metadata JSON                 a JSON object; or name=value, several times
  --access-group ID               only its members see the files
  --mime-type TYPE                instead of the one the name's extension means
  --version-of FILE_ID            a new version of this file (one FILE)
  --file-id FILE_ID               go on with the unfinished upload of this file (one FILE)
  --lanes N                       parts at a time (default 4)
  --files N                       files at a time (default 2)
  --timeout SECONDS               give up then
  --no-wait                       do not wait for the verdict
  --no-resume                     start anew, remember nothing

Options of download:
  --output PATH                   where to; - is standard output (default: the file's name)
  --version ID                    one version of the file

Everywhere:
  --json                          one JSON object a line on standard output
  --help

An interrupted upload goes on when the same command is run again.
Exit code: 0 every file is available (with --no-wait: is in the store), 1 one is not, 2 the command is wrong, 130 interrupted.
`;
