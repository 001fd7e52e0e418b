/**
 * What tsc cannot see: code that a strict Content Security Policy or Trusted Types would stop, code
 * that is never used, and size. Rules are listed one by one, so that an upgrade adds none unseen.
 */

const noHtml = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc', 'setHTMLUnsafe'].map(
  (name) => ({
    selector: `MemberExpression[property.name="${name}"], Property[key.name="${name}"]`,
    message: `${name}: Trusted Types stop it; build elements (browser/parts/dom.js).`,
  }),
);

const safety = {
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-script-url': 'error',
  'no-proto': 'error',
  'no-extend-native': 'error',
  'no-restricted-syntax': ['error', ...noHtml, 'WithStatement'],
  'no-restricted-properties': [
    'error',
    { object: 'document', property: 'write', message: 'Build elements.' },
    { object: 'Math', property: 'random', message: 'Use crypto.getRandomValues.' },
  ],
};

const plain = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'prefer-const': 'error',
  'no-unused-vars': ['error', { args: 'after-used', ignoreRestSiblings: true }],
  'no-unreachable': 'error',
  'no-fallthrough': 'error',
  'no-dupe-keys': 'error',
  'no-dupe-else-if': 'error',
  'no-duplicate-imports': 'error',
  'no-self-compare': 'error',
  'no-shadow-restricted-names': 'error',
  'no-control-regex': 'error',
  'no-empty': 'error',
  'no-throw-literal': 'error',
  'no-promise-executor-return': 'error',
  'no-unsafe-finally': 'error',
  'no-unsafe-optional-chaining': 'error',
  'no-useless-catch': 'error',
  'no-debugger': 'error',
  'no-warning-comments': ['error', { terms: ['fixme', 'xxx'] }],
  'valid-typeof': 'error',
  'use-isnan': 'error',
};

const size = {
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
};

export default [
  { ignores: ['browser/vendor/**', 'node_modules/**'] },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: { ...safety, ...plain },
  },
  { files: ['browser/**/*.js'], ignores: ['browser/tests/**'], rules: { ...size, 'no-console': 'error' } },
];
