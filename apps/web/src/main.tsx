import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.layer.css';
import '@parley/ui/look.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app/app';
import { startTexts } from './platform/i18n';

// The content security policy allows no code made from text, which zod would use to be faster.
z.config({ jitless: true });
startTexts();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
