import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = `http://127.0.0.1:${process.env.PORT || 4310}`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // Nothing inline: the content security policy takes no font or picture from a data: address.
  build: { outDir: 'dist', target: 'es2022', assetsInlineLimit: 0 },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/api': server, '/health': server, '/socket.io': { target: server, ws: true } },
  },
});
