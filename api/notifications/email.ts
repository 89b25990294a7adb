import { htmlText, oneLine, plainText } from './escape.ts';
import type { Words } from './words.ts';
import type { Message } from './message.ts';

/** The parts of an e-mail that a mail library composes. */
interface Email {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** RFC 8058: mail programs show a button that unsubscribes by POST. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An e-mail as text and as HTML, in the words of the language of its channel. `unsubscribeUrl` must be present. */
export function emailOf(message: Message, words: Words): Email {
  const { title, text, link, more, image, language, unsubscribeUrl = '', openUrl } = message;
  const listed = more.map((each) => `• ${oneLine(each.title)}\n  ${each.link}`);
  const parts = [
    oneLine(title),
    plainText(text),
    link,
    ...(more.length === 0 ? [] : [[`${words.more}:`, ...listed].join('\n')]),
    `-- \n${words.whyEmail}\n${words.unsubscribe}: ${unsubscribeUrl}`,
  ];
  const paragraphs = plainText(text)
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '')
    .map((part) => `<p dir="auto">${htmlText(part).replaceAll('\n', '<br>')}</p>`);
  const html = [
    `<!doctype html>`,
    `<html lang="${htmlText(language)}"><head><meta charset="utf-8"><title>${htmlText(oneLine(title))}</title></head>`,
    `<body style="font-family: sans-serif; line-height: 1.4; max-width: 36em; margin: 2em auto; padding: 0 1em">`,
    `<h1 dir="auto" style="font-size: 1.3em">${htmlText(oneLine(title))}</h1>`,
    ...(image === undefined ? [] : [`<p><img src="${htmlText(image)}" alt="" style="max-width: 100%"></p>`]),
    ...paragraphs,
    ...(link === undefined ? [] : [`<p><a href="${htmlText(link)}">${htmlText(words.open)}</a></p>`]),
    ...moreHtml(more, words.more),
    `<hr><p style="font-size: 0.8em">${htmlText(words.whyEmail)} <a href="${htmlText(unsubscribeUrl)}">${htmlText(words.unsubscribe)}</a></p>`,
    ...(openUrl === undefined ? [] : [`<img src="${htmlText(openUrl)}" alt="" width="1" height="1">`]),
    `</body></html>`,
  ];
  return {
    subject: oneLine(title),
    text: `${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`,
    html: html.join('\n'),
    headers: {
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'X-Pinwalk-Notification': message.idempotencyKey,
    },
  };
}

function moreHtml(more: Message['more'], heading: string): string[] {
  if (more.length === 0) return [];
  const items = more.map(({ title, link }) => `<li dir="auto"><a href="${htmlText(link)}">${htmlText(oneLine(title))}</a></li>`);
  return [`<h2 style="font-size: 1em">${htmlText(heading)}</h2>`, `<ul>`, ...items, `</ul>`];
} // prettier-ignore

/** The page of a link to unsubscribe: a question with a button that sends a POST, or that it is done. */
export function unsubscribePage(language: string, words: Words, isDone: boolean): string {
  const form = `<form method="post"><button type="submit">${htmlText(words.unsubscribe)}</button></form>`;
  return [
    `<!doctype html>`,
    `<html lang="${htmlText(language)}"><head><meta charset="utf-8"><meta name="robots" content="noindex">`,
    `<meta name="viewport" content="width=device-width"><title>${htmlText(words.unsubscribe)}</title></head>`,
    `<body style="font-family: sans-serif; max-width: 30em; margin: 3em auto; padding: 0 1em">`,
    isDone ? `<p>${htmlText(words.done)}</p>` : `<p>${htmlText(words.question)}</p>${form}`,
    `</body></html>`,
  ].join('\n');
}
