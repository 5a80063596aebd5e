// Loaded into the server before its own code: when the process that holds it is gone, even by kill -9,
// the channel between them closes, and the server is asked to stop as it would be by a person.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
