import { type Command, Option } from 'commander';
import { type FileFormat, type FileOptions, fileFormats } from '../../../graph-data/index.ts';
import { integer } from './options.ts';

/** How files are to be read, as commander gives it. */
export interface FileFlags {
  format?: FileFormat;
  columns?: string;
  header?: boolean;
  delimiter?: string;
  skip?: number;
  dateFormat?: string;
}

/** The options of every command that reads files of rows. */
export function withFileOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'format of files whose name does not say').choices(fileFormats),
    )
    .option(
      '--columns <names>',
      'columns by position, "-" to skip one (user,-,pin), or by name (user=customer,pin=sku)',
    )
    .option('--header', 'the first line is a header (default: if it looks like one)')
    .option('--no-header', 'the first line is a row')
    .option('--delimiter <text>', 'between fields: , ; | :: tab space … (default: found in the first lines)')
    .option('--skip <lines>', 'lines before the header or first row', integer(0))
    .option('--date-format <format>', 'of times: %d/%m/%Y %H:%M (default: ISO 8601 or Unix time)');
}

export function fileOptions({
  format,
  columns,
  header,
  delimiter,
  skip,
  dateFormat,
}: FileFlags): FileOptions {
  const names = columns?.split(',').map((name) => name.trim());
  return { format, columns: names, header, delimiter, skip, dateFormat };
}
