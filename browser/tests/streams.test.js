import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readCell } from '../streams/cells.js';
import { checkFile as check } from '../streams/check.js';
import { inMemory, STRETCH_BYTES } from '../streams/encoding.js';
import { withoutColumns } from '../streams/leave_out.js';
import { DeclarationUnusable, readColumn, readDeclaration } from '../streams/declaration.js';
import { vectors } from './vectors.mjs';

const cells = vectors('streams/cells.json');
const files = vectors('streams/files.json');
const bytes = (text) => new TextEncoder().encode(text);
const checkFile = (data, ...more) => check(inMemory(data), ...more);
const seekers = files.declarations.job_seekers;

for (const { column, cells: cases } of cells.cases) {
  const { type, minimum, maximum, required, event, role } = column;
  const name = JSON.stringify({ minimum, maximum, required, event, role });
  test(`vector cells: ${type} ${name} reads as the run does`, () => {
    readColumn(column, 'vector');
    for (const { text, values, reason } of cases) {
      const found = readCell(column, text, cells.deliveredOn);
      const shown = JSON.stringify(text.slice(0, 40));
      assert.equal(found.reason, reason ?? null, shown);
      assert.deepEqual(found.values, values ?? null, shown);
    }
  });
}

/** The run tells one line a row, with its first wrong column; this page tells every cell. */
function byRow(errors) {
  const rows = new Map();
  for (const { row, column, reason } of errors) {
    const told = column === null ? reason : `column \`${column}\`: ${reason}`;
    const before = rows.get(row);
    rows.set(row, before ? { ...before, reason: `${before.reason}; ${told}` } : { row, column, reason: told });
  }
  return [...rows.values()];
}

/** Only the run looks for the header that was meant. */
const withoutHint = (reason) => reason.replace(/; (?:is `.*` meant\?|remove it)$/u, '');

for (const { name, stream, data, encoding, rows, reasons, errors } of files.cases) {
  test(`vector files: ${name} is judged as the run does`, () => {
    const declaration = readDeclaration(files.declarations[stream]);
    const found = checkFile(Buffer.from(data, 'base64'), declaration, files.deliveredOn);
    assert.deepEqual(found.reasons.map(withoutHint), reasons.map(withoutHint));
    assert.deepEqual(byRow(found.errors), errors);
    assert.deepEqual([found.encoding, found.rows], [encoding, rows]);
  });
}

test('every wrong cell of a row is told, with its own column', () => {
  const file = bytes('burgerservicenummer;inschrijfdatum\n123456789;2026-13-40\n');
  const { errors } = checkFile(file, seekers, '2026-11-05');
  assert.deepEqual(errors.map(({ row, column, code }) => [row, column, code]), [
    [1, 'burgerservicenummer', 'bsn'], [1, 'inschrijfdatum', 'date'],
  ]);
});

test('no reason holds a value of the file', () => {
  const file = bytes('burgerservicenummer;inschrijfdatum;gewenstBeroep\ngeheim;geheim;a\u202egeheim\ngeheim\n"geheim;"x\n');
  const { errors } = checkFile(file, seekers, '2026-11-05');
  assert.equal(errors.length, 5);
  assert.ok(!JSON.stringify(errors).includes('geheim'));
  const { reasons } = checkFile(bytes('burgerservicenummer;geheim\n'), seekers, '2026-11-05');
  assert.ok(reasons.length && !reasons.join().includes('geheim'));
});

test('what this page does not read is refused, never half judged', () => {
  for (const start of ['PAR1', '{"a":1}', ' [', 'age-encryption.org/v1\n', '-----BEGIN AGE ENCRYPTED FILE-----\n']) {
    const { reasons, errors } = checkFile(bytes(start), seekers, '2026-11-05');
    assert.match(reasons.join(), /^file: not CSV/u);
    assert.deepEqual(errors, []);
  }
});

test('headers whose quotes do not match are refused', () => {
  const { reasons } = checkFile(bytes('"burger"servicenummer,inschrijfdatum\n999993653,2026-01-01\n'), seekers, '2026-11-05');
  assert.match(reasons.join(), /^line 1: quotes/u);
});

test('a declaration with a rule that is not known here judges nothing', () => {
  const column = seekers.columns[0];
  const spoiled = [null, [], {}, { ...seekers, v: 2 }, { ...seekers, columns: [] },
    ...[{ type: 'iban' }, { header: 1 }, { minimum: 'x' }, { maximum: 0.5 }, { choices: null }]
      .map((change) => ({ ...seekers, columns: [{ ...column, ...change }] }))];
  for (const one of spoiled) assert.throws(() => readDeclaration(one), DeclarationUnusable);
});

test('a file is judged alike wherever its stretches are cut', () => {
  const head = 'burgerservicenummer;inschrijfdatum;gewenstBeroep\r\n';
  const tail = '999993653;2026-01-01;"caf\u00e9\r\n\u{1f600}"\r\n999993654;2026-01-01;"kok\r\n999993653;2026-01-01;kok\r\n';
  const row = '999993653;2026-01-01;kok\r\n';
  for (let moved = 0; moved < 44; moved += 1) {
    const plain = row.repeat(Math.floor((STRETCH_BYTES - head.length - 12) / row.length) - 1);
    const before = `${head}${plain}999993653;2026-01-01;${'k'.repeat(moved)}\r\n`;
    const { rows, errors } = checkFile(bytes(before + tail), seekers, '2026-11-05');
    const first = before.split('\r\n').length - 2;
    assert.equal(rows, first + 3, `moved ${moved}`);
    assert.deepEqual(errors.map(({ row: at, code }) => [at - first, code]), [[2, 'quotes']], `moved ${moved}`);
  }
});

test('Windows-1252 that two stretches cut is still told from UTF-8', () => {
  const head = 'burgerservicenummer;inschrijfdatum;gewenstBeroep\n';
  const row = '999993653;2026-01-01;kok\n';
  const plain = head + row.repeat(Math.ceil(STRETCH_BYTES / row.length));
  const file = bytes(plain + row);
  file[STRETCH_BYTES - 1] = 0xc3;
  file[STRETCH_BYTES] = 0xa9;
  file[head.length + 22] = 0xe9;
  assert.match(checkFile(file, seekers, '2026-11-05').reasons.join(), /mixes UTF-8/u);
});

test('all errors are counted, the first are listed', () => {
  const file = bytes(`burgerservicenummer;inschrijfdatum\n${'1;x\n'.repeat(50)}`);
  const report = checkFile(file, seekers, '2026-11-05', { most: 10 });
  assert.deepEqual([report.rows, report.rowsApart, report.errors.length, report.errorCount], [50, 50, 10, 100]);
  assert.deepEqual(report.counts, { 'burgerservicenummer bsn': 50, 'inschrijfdatum date': 50 });
});

test('columns too much are named, and can be left out by choice alone', () => {
  const file = bytes('naam;burgerservicenummer;inschrijfdatum;geloof\nJan;999993653;2026-01-01;x\n"J;n";999993654;2026-01-01;\nJan;1\n');
  const refused = checkFile(file, seekers, '2026-11-05');
  assert.deepEqual(refused.undeclared, [{ place: 0, header: 'naam' }, { place: 3, header: 'geloof' }]);
  assert.deepEqual([refused.canLeaveOut, refused.rows], [true, 0]);
  const half = checkFile(file, seekers, '2026-11-05', { leaveOut: [0] });
  assert.equal(half.reasons.length, 1);
  const report = checkFile(file, seekers, '2026-11-05', { leaveOut: [0, 3] });
  assert.deepEqual([report.reasons, report.rows, report.rowsApart], [[], 3, 2]);
  const left = [...withoutColumns(inMemory(file), report, [0, 3])].join('');
  assert.equal(left, 'burgerservicenummer;inschrijfdatum\n999993653;2026-01-01\n999993654;2026-01-01\n');
  const missing = checkFile(bytes('burgerservicenummer;geloof\n'), seekers, '2026-11-05');
  assert.equal(missing.canLeaveOut, false);
});

test('what is left of a file keeps its quotes, delimiter and line breaks', () => {
  const file = bytes('burgerservicenummer;gewenstBeroep;inschrijfdatum;x\n999993653;"kok; ""chef""\nen meer";2026-01-01;y\n');
  const report = checkFile(file, seekers, '2026-11-05', { leaveOut: [3] });
  const left = [...withoutColumns(inMemory(file), report, [3])].join('');
  assert.equal(left, 'burgerservicenummer;gewenstBeroep;inschrijfdatum\n999993653;"kok; ""chef""\nen meer";2026-01-01\n');
});

test('lost quotes cost no more than their rows, however long the file', () => {
  const head = 'burgerservicenummer;inschrijfdatum;gewenstBeroep\n';
  const { errors } = checkFile(bytes(head + '999993653;2026-01-01;"kok\n'.repeat(1_000)), seekers, '2026-11-05');
  assert.ok(errors.every(({ code }) => code === 'quotes' || code === 'text'));
  const { reasons } = checkFile(bytes(head + '999993653;2026-01-01;"a"b\n'.repeat(1_001)), seekers, '2026-11-05');
  assert.match(reasons.join(), /over 1000 rows/u);
});
