import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Entry } from "./entry";

interface Schema extends DBSchema {
  entries: { key: string; value: Entry };
  files: { key: [string, number]; value: { batch: string; index: number; blob: Blob } };
}

/** The browser has no room for these files. */
export class StorageFull extends Error {
  override name = "StorageFull";
}

/** Where the outbox keeps batches and their bytes. */
export interface OutboxStore {
  all(): Promise<Entry[]>;
  add(entry: Entry, files: readonly Blob[]): Promise<void>;
  save(entry: Entry): Promise<void>;
  files(id: string): Promise<Blob[]>;
  dropFiles(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** A browser that keeps nothing (private windows of some): every batch lives in the page. */
export const noStore: OutboxStore = {
  all: () => Promise.resolve([]),
  add: () => Promise.reject(new StorageFull()),
  save: () => Promise.resolve(),
  files: () => Promise.resolve([]),
  dropFiles: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

/** What survives a reload and a closed browser: IndexedDB, shared by all tabs. */
export class OutboxDb implements OutboxStore {
  private constructor(private db: IDBPDatabase<Schema>) {}

  static async open(name = "vigie"): Promise<OutboxDb> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore("entries", { keyPath: "id" });
        fresh.createObjectStore("files", { keyPath: ["batch", "index"] });
      },
    });
    return new OutboxDb(db);
  }

  async all(): Promise<Entry[]> {
    const entries = await this.db.getAll("entries");
    return entries.sort((a, b) => a.order - b.order);
  }

  /** The entry and its files, all or nothing. */
  async add(entry: Entry, files: readonly Blob[]): Promise<void> {
    const change = this.db.transaction(["entries", "files"], "readwrite", { durability: "strict" });
    try {
      await change.objectStore("entries").put(entry);
      for (const [index, blob] of files.entries())
        await change.objectStore("files").put({ batch: entry.id, index, blob });
      await change.done;
    } catch (error) {
      change.done.catch(() => undefined);
      if (error instanceof DOMException && error.name === "QuotaExceededError") throw new StorageFull();
      throw error;
    }
  }

  async save(entry: Entry): Promise<void> {
    await this.db.put("entries", entry);
  }

  async files(id: string): Promise<Blob[]> {
    const rows = await this.db.getAll("files", IDBKeyRange.bound([id, 0], [id, Infinity]));
    return rows.map((row) => row.blob);
  }

  /** The bytes are on the server now. */
  async dropFiles(id: string): Promise<void> {
    await this.db.delete("files", IDBKeyRange.bound([id, 0], [id, Infinity]));
  }

  async remove(id: string): Promise<void> {
    const change = this.db.transaction(["entries", "files"], "readwrite");
    await change.objectStore("entries").delete(id);
    await change.objectStore("files").delete(IDBKeyRange.bound([id, 0], [id, Infinity]));
    await change.done;
  }

  close(): void {
    this.db.close();
  }
}
