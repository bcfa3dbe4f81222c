import writeExcelFile from 'write-excel-file/node';

/** Rows that a sheet of the format holds, its heading included. */
export const MAX_SHEET_ROWS = 1_048_576;

/** A sheet: its name, the titles of its columns, and its rows; every cell is a text. */
export type Sheet = {
  readonly name: string;
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** What a spreadsheet reads as the character of that number (ECMA-376, 22.9.2.19: `_xHHHH_`). */
const ESCAPE = /_(?=x[0-9A-Fa-f]{4}_)/g;
/** Characters that XML discourages, which the writer would drop without a word: two ids might become one. */
const DISCOURAGED = /[\u0080-\u009f\ufdd0-\ufdef\ufffd]/g;

/** A text that a spreadsheet shows just as it is. */
export function encodeCellText(text: string): string {
  return text
    .replace(ESCAPE, '_x005F_')
    .replace(DISCOURAGED, (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}

/** A workbook of sheets, the titles bold and kept in sight. */
export async function encodeWorkbook(sheets: readonly Sheet[]): Promise<Uint8Array> {
  const cell = (value: string) => ({ value: encodeCellText(value), type: String });
  return writeExcelFile(
    sheets.map(({ name, titles, rows }) => ({
      sheet: name,
      stickyRowsCount: 1,
      columns: titles.map((title) => ({ width: Math.max(14, title.length + 2) })),
      data: [
        titles.map((title) => ({ ...cell(title), fontWeight: 'bold' as const })),
        ...rows.map((row) => row.map((text) => (text === '' ? null : cell(text)))),
      ],
    })),
  ).toBuffer();
}
