export { ConfirmModule } from './confirm.module.js';
export { OutboxPublisherModule } from './outbox-publisher.module.js';
export { ConfirmUpload, type ConfirmedUpload } from './confirm-upload.service.js';
