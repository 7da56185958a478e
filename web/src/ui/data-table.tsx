// A table whose header stays in sight, in a frame that scrolls by keyboard too. Less important columns leave in a narrow container.
// Refuses to load or sort: it shows the rows that it is given.

import type { ReactNode } from "react";
import { classNames } from "./class-names";

export type Column<T> = {
  id: string;
  header: ReactNode;
  cell: (row: T) => ReactNode;
  /** The header is read out but not drawn, as over a column of menus. */
  hideHeader?: boolean | undefined;
  /** Leaves where the container is narrower than 720 px. */
  wideOnly?: boolean | undefined;
  align?: "start" | "end" | undefined;
  className?: string | undefined;
};

export type DataTableProps<T> = {
  /** What the table shows, for those who cannot see where it stands. */
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  rowClassName?: ((row: T) => string | undefined) | undefined;
  className?: string | undefined;
};

export function DataTable<T>({ caption, columns, rows, rowKey, rowClassName, className }: DataTableProps<T>) {
  return (
    <section
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reached by keyboard
      tabIndex={0}
      className={classNames(
        "focus-inset @container/table min-w-0 overflow-auto rounded-md border border-line bg-surface",
        className,
      )}
    >
      <table className="w-full border-separate border-spacing-0 text-left text-base">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={classNames(
                  "sticky top-0 z-1 border-b border-line bg-bg px-3 py-2 text-xs font-medium whitespace-nowrap text-muted",
                  column.wideOnly && "@max-[720px]/table:hidden",
                  column.align === "end" && "text-right",
                  column.className,
                )}
              >
                {column.hideHeader ? <span className="sr-only">{column.header}</span> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={classNames("group/row hover:bg-hover/50", rowClassName?.(row))}>
              {columns.map((column, index) => {
                const cell = classNames(
                  "border-b border-line px-3 py-2 align-middle group-last/row:border-b-0",
                  column.wideOnly && "@max-[720px]/table:hidden",
                  column.align === "end" && "text-right",
                  column.className,
                );
                return index === 0 ? (
                  <th key={column.id} scope="row" className={classNames(cell, "font-normal")}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id} className={cell}>
                    {column.cell(row)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
