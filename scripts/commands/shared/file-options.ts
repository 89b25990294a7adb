import { type Command, Option } from 'commander';
import { type FileFormat, type FileOptions, fileFormats } from '../../../graph-data/import/index.ts';
import { integer } from './options.ts';

/** The options of {@link withFileOptions}, as commander returns them. */
export interface FileFlags {
  format?: FileFormat;
  columns?: string;
  header?: boolean;
  delimiter?: string;
  encoding?: string;
  skip?: number;
  dateFormat?: string;
}

/** Adds the options of commands that read files of rows. */
export function withFileOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'format of the files, if their names do not show it').choices(
        fileFormats,
      ),
    )
    .option(
      '--columns <names>',
      'columns by position, "-" to skip one (user,-,pin), or by name (user=customer,pin=sku)',
    )
    .option('--header', 'the first line is a header (default: detected)')
    .option('--no-header', 'the first line is data')
    .option('--delimiter <text>', 'delimiter of fields: , ; | :: tab space … (default: detected)')
    .option('--encoding <name>', 'latin1, utf-16le, shift_jis … (default: UTF-8, or by its mark)')
    .option('--skip <lines>', 'number of lines to skip before the header or first row', integer(0))
    .option(
      '--date-format <format>',
      'format of times, such as %d/%m/%Y %H:%M (default: ISO 8601 or Unix time)',
    );
}

export function fileOptions(flags: FileFlags): FileOptions {
  const { format, columns, header, delimiter, encoding, skip, dateFormat } = flags;
  const names = columns?.split(',').map((name) => name.trim());
  return { format, columns: names, header, delimiter, encoding, skip, dateFormat };
}
