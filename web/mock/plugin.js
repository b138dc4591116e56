import { answer } from './answers.js';

/**
 * Answers the API with fixtures during `npm run dev`.
 * @returns {import('vite').Plugin}
 */
export function mockApi() {
  return {
    name: 'medallion-mock-api',
    configureServer(server) {
      server.middlewares.use('/api/v1', (request, response) => {
        answer(request, response);
      });
    },
  };
}
