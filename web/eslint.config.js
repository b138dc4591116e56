import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const hostileText = 'Foreign text is text: bind it, never parse it as markup.';

export default ts.config(
  { ignores: ['dist/', 'node_modules/'] },
  js.configs.recommended,
  ts.configs.strict,
  ts.configs.stylistic,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'Only src/api/http.ts fetches.' },
      ],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: hostileText },
        { property: 'outerHTML', message: hostileText },
        { property: 'insertAdjacentHTML', message: hostileText },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "SvelteAttribute[key.name='style']",
          message: 'Use style: directives or a class.',
        },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/no-navigation-without-resolve': 'off', // rule of SvelteKit's router, which is not used
      // Sets and the like that are no state need no reactive twin; those that are, are Svelte's.
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/button-has-type': 'error',
    },
  },
  { files: ['src/api/http.ts'], rules: { 'no-restricted-globals': 'off' } },
  {
    files: ['scripts/**', 'mock/**', '*.config.*'],
    languageOptions: { globals: { ...globals.node } },
    rules: {
      'no-console': 'off',
      // JavaScript says its types in JSDoc.
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
);
