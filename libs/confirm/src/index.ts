export { ConfirmModule } from './confirm.module.js';
export { ConfirmUpload, type ConfirmedUpload } from './confirm-upload.service.js';
