export { type KafkaOptions, kafkaOptions } from './connection.ts';
export { Stream } from './stream.ts';
