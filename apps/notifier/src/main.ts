import 'reflect-metadata';
import { configurationOrExit, loadNotifierConfig } from '@custody/config';
import { createNotifier } from './create-notifier.js';

const config = configurationOrExit(loadNotifierConfig);
const app = await createNotifier(config);
app.enableShutdownHooks();
await app.startAllMicroservices();
await app.listen(config.runtime.port, config.runtime.host);
