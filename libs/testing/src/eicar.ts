/** The EICAR test string, put together at run time so that no scanner stops at our sources. */
export const EICAR: string = [
  'X5O!P%@AP[4\\PZX54(P^)7CC)7}',
  ['EICAR', 'STANDARD', 'ANTIVIRUS', 'TEST', 'FILE!'].join('-'),
  'H+H*',
].join('$');
