// What the composer says: whom one writes to, what a text costs, what makes it dear, and why it cannot be sent. The sentence
// over the part limit is fixed.

export const composer = {
  label: (who: string) => `Write to ${who}`,
  write: "Write a text",
  placeholder: (who: string) => `Text to ${who}`,
  to: "Text to",
  from: "from",
  toLabel: "Number to write to",
  fromLabel: "Number to write from",
  primary: "primary",
  optedOutMark: "opted out",
  choice: (number: string, label: string) => (label === "" ? number : `${number} · ${label}`),
  send: "Send",
  sendAgain: "Send now",
  sending: "Sending…",

  meter: (characters: number, segments: number, encoding: string) =>
    `${characters === 1 ? "1 character" : `${characters.toLocaleString("en-US")} characters`} · ${
      segments === 1 ? "1 segment" : `${segments} segments`
    } · ${encoding}`,
  meterLabel: "Length",
  encodingHint: {
    "GSM-7": "Plain letters: 160 in one segment, 153 in each of several.",
    "UCS-2": "Unicode: 70 in one segment, 67 in each of several.",
  },
  split: (parts: number, limit: number) =>
    `Will be sent as ${parts} messages of up to ${limit.toLocaleString("en-US")} characters, in order.`,
  tooLong: (parts: number, most: number) => `Too long: ${parts} messages. A text can have at most ${most}.`,
  forces: (count: number) => (count === 1 ? "1 character forces Unicode:" : `${count} characters force Unicode:`),
  saves: (segments: number) => (segments === 1 ? "saves 1 segment" : `saves ${segments} segments`),
  replace: {
    quotes: "Replace curly quotes?",
    dashes: "Replace dashes?",
    spaces: "Replace special spaces?",
    ellipsis: "Replace “…” with three dots?",
    invisible: "Remove invisible characters?",
    mixed: "Replace with plain characters?",
  },
  replaced: "Replaced.",
  character: {
    "\u2018": "left curly quote",
    "\u2019": "curly apostrophe",
    "\u201c": "left curly double quote",
    "\u201d": "right curly double quote",
    "\u2013": "en dash",
    "\u2014": "em dash",
    "\u2026": "ellipsis",
    "\u00a0": "no-break space",
    "\u202f": "narrow no-break space",
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\u200e": "left-to-right mark",
    "\u200f": "right-to-left mark",
    "\u202a": "bidirectional control",
    "\u202b": "bidirectional control",
    "\u202c": "bidirectional control",
    "\u202d": "bidirectional control",
    "\u202e": "bidirectional control",
    "\u2066": "bidirectional control",
    "\u2067": "bidirectional control",
    "\u2068": "bidirectional control",
    "\u2069": "bidirectional control",
    "\ufeff": "byte order mark",
    "\t": "tab",
  },
  codePoint: (hexadecimal: string) => `U+${hexadecimal}`,
  andMore: (count: number) => `and ${count} more`,

  changed: (count: number) =>
    count === 1
      ? "1 new message since you started. Review, then send."
      : `${count} new messages since you started. Review, then send.`,
  review: "Review",

  clarifying: "Replying does not claim this message.",
  adverse: {
    "Opposing Party": "Opposing Party. Do not discuss the matter with a represented person.",
    "Opposing Counsel": "Opposing Counsel. What you write goes to the other side.",
  },

  optedOut: (number: string) => `${number} has opted out of texts. Only they can change it, by texting START.`,
  readOnly: "You can read this, but not write here. Your Firm Admin can change that.",
  forbidden: {
    not_allowed: "You can read this, but not write here. Your Firm Admin can change that.",
    not_on_the_case: "This person is not on the case any more. Add them to the case to write to them.",
    no_phone: "This contact has no phone number. Add one to write to them.",
    no_number: "The firm has no number to write from. A Firm Admin can add one.",
    opted_out: "Every number of this person has opted out of texts. Only they can change it, by texting START.",
  },
  forbiddenOtherwise: "Nothing can be sent here.",
  choicesFailed: "The numbers",

  failed: "Not sent.",
  failedBecause: (reason: string) => `Not sent. ${reason}`,
  networkFailed: "No answer from the server. The text is kept. Look whether it stands above before you send it again.",

  undoReplace: "Undo",
} as const;
