export { AddressPolicy } from './address-policy.js';
export { NameServers, type Names } from './names.js';
export { ownerOfSecret, SecretBox } from './secret-box.js';
export { newSecret, signatureOf } from './signature.js';
export { TargetPolicy, TargetRefused, type Address, type TargetRules } from './target-policy.js';
