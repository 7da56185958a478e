// What the text will cost, live: characters, segments and alphabet; over the part limit how it will be sent; and which characters
// force Unicode, with an offer to replace them. Numbers: length.ts and forcing.ts.

import { text } from "../../text/en";
import { Button, UntrustedText } from "../../ui";
import type { Forcing } from "./forcing";
import { type Length, MOST_PARTS } from "./length";

const words = text.composer;

export function SegmentMeter({ length, partLimit, id }: { length: Length; partLimit: number; id: string }) {
  return (
    <p id={id} className="m-0 min-w-0 text-muted text-sm tabular-nums">
      <span title={words.encodingHint[length.encoding]}>
        {words.meter(length.characters, length.segments, length.encoding)}
      </span>
      {length.isTooLong ? (
        <span role="alert" className="block font-medium text-bad">
          {words.tooLong(length.parts, MOST_PARTS)}
        </span>
      ) : (
        length.parts > 1 && (
          <span role="status" className="block font-medium text-ink">
            {words.split(length.parts, partLimit)}
          </span>
        )
      )}
    </p>
  );
}

export function ForcingChip({ forcing, onReplace }: { forcing: Forcing; onReplace: (body: string) => void }) {
  const { replacement } = forcing;
  return (
    <div className="mx-3 mb-2 flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 rounded-md border border-warn-line bg-warn-soft px-2.5 py-1 text-ink text-sm">
      <span>{words.forces(forcing.count)}</span>
      <ul className="m-0 inline-flex min-w-0 list-none flex-wrap gap-x-2 p-0">
        {forcing.characters.map(({ cluster, name }) => (
          <li key={cluster} className="font-medium">
            {name === undefined || !/^[\p{C}\p{Z}]/u.test(cluster) ? <UntrustedText text={cluster} /> : null}
            {name === undefined ? null : ` ${name}`}
          </li>
        ))}
        {forcing.more > 0 && <li className="text-muted">{words.andMore(forcing.more)}</li>}
      </ul>
      {replacement !== undefined && (
        <Button size="sm" className="h-6 px-2" onClick={() => onReplace(replacement.text)}>
          {words.replace[replacement.kind]}
          {replacement.saves > 0 && <span className="font-normal text-muted">{words.saves(replacement.saves)}</span>}
        </Button>
      )}
    </div>
  );
}
