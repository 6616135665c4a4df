import { useEffect, useState } from "react";
import { Thumbnail } from "./Thumbnail";

const side = 96; // pixels: 48 on dense screens

/** A vignette of a file that is still here. Scaled while it is read: fifty photos fit a phone. */
export function LocalThumbnail({ file }: { file: Blob }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!file.type.startsWith("image/")) return;
    let over = false;
    let made: string | null = null;
    void createImageBitmap(file, { resizeWidth: side, resizeQuality: "medium" })
      .then(async (bitmap) => {
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
        bitmap.close();
        const blob = await canvas.convertToBlob({ type: "image/jpeg" });
        if (over) return;
        made = URL.createObjectURL(blob);
        setUrl(made);
      })
      .catch(() => undefined); // not a picture that this browser draws
    return () => {
      over = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [file]);
  return <Thumbnail src={url} type={file.type} />;
}
