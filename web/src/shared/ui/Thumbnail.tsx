import { useState } from "react";

const signs: [RegExp, string][] = [[/pdf/, "PDF"], [/word|officedocument|msword/, "DOC"], [/csv/, "CSV"], [/^text/, "TXT"], [/^image/, "IMG"]];

/** A vignette, or the type in letters where there is no picture (yet). */
export function Thumbnail({ src, type, ready = true }: { src: string | null; type: string; ready?: boolean }) {
  const [broken, setBroken] = useState<string | null>(null);
  const picture = /^image\/|pdf/.test(type) && ready && src !== null && broken !== src;
  return (
    <span className="vignette" aria-hidden="true">
      {picture
        ? <img src={src} alt="" loading="lazy" decoding="async" width="48" height="48" onError={() => setBroken(src)} />
        : signs.find(([like]) => like.test(type))?.[1] ?? "···"}
    </span>
  );
}
