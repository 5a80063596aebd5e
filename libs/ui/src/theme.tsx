import {
  type CSSVariablesResolver,
  createTheme,
  MantineProvider,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { ON_DARK, ON_LIGHT, shadesOf } from './shades';

/** The product's own accent, where no community lends its colour. */
export const ownAccent = '#2f6f73';

const rem = (px: number) => `${px / 16}rem`;

/** Warm greys, light to dark. */
const gray: MantineColorsTuple = [
  '#f6f6f3',
  '#efefeb',
  '#e4e4df',
  '#d3d4ce',
  '#b4b6b1',
  '#8b8f8d',
  '#6a6f6f',
  '#50565a',
  '#363b3f',
  '#202427',
];
/** Grounds and texts of the dark scheme: text first, deepest ground last. */
const dark: MantineColorsTuple = [
  '#e8eaea',
  '#c5cacb',
  '#aab1b4',
  '#6f777b',
  '#3d4347',
  '#30363a',
  '#24282b',
  '#171a1c',
  '#121416',
  '#0c0e0f',
];

/** The look of a community, from its one accent. */
export function themeOf(accent: string): MantineThemeOverride {
  return createTheme({
    colors: { accent: shadesOf(accent), gray, dark },
    primaryColor: 'accent',
    primaryShade: { light: ON_LIGHT, dark: ON_DARK },
    autoContrast: true,
    luminanceThreshold: 0.32,
    white: '#ffffff',
    black: '#1c2023',
    fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
    fontSizes: { xs: rem(13), sm: rem(15), md: rem(17), lg: rem(20), xl: rem(26) },
    lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.35' },
    headings: {
      fontWeight: '650',
      sizes: {
        h1: { fontSize: rem(26), lineHeight: '1.25' },
        h2: { fontSize: rem(20), lineHeight: '1.3' },
        h3: { fontSize: rem(17), lineHeight: '1.4' },
      },
    },
    spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(40) },
    defaultRadius: 'md',
    radius: { xs: rem(4), sm: rem(6), md: rem(10), lg: rem(14), xl: rem(22) },
    shadows: { sm: '0 1px 2px rgb(20 24 28 / 6%), 0 6px 18px rgb(20 24 28 / 7%)' },
    respectReducedMotion: true,
    components: {
      Button: { defaultProps: { size: 'sm' } },
      TextInput: { defaultProps: { size: 'md' } },
      Textarea: { defaultProps: { size: 'md' } },
      NumberInput: { defaultProps: { size: 'md' } },
      NativeSelect: { defaultProps: { size: 'md' } },
      MultiSelect: { defaultProps: { size: 'md' } },
      Menu: { defaultProps: { shadow: 'sm' } },
    },
  });
}

/** What colours mean. Each is readable as text on the grounds of its scheme. */
const variables: CSSVariablesResolver = (theme) => ({
  variables: {
    '--parley-live': 'var(--mantine-primary-color-filled)',
    '--parley-font-display': rem(34),
  },
  light: {
    '--mantine-color-body': gray[0],
    '--mantine-color-text': theme.black,
    '--mantine-color-dimmed': '#545b60',
    '--mantine-color-anchor': 'var(--mantine-primary-color-filled)',
    '--mantine-color-error': '#a5281f',
    '--mantine-color-placeholder': '#666d72',
    '--mantine-color-default-border': gray[3],
    '--parley-surface': '#ffffff',
    '--parley-sunken': gray[1],
    '--parley-line': gray[2],
    '--parley-focus': '#1c2023',
    '--parley-warn': '#7a5200',
    '--parley-warn-ground': '#fdf3dc',
    '--parley-error-ground': '#fcebe8',
    '--parley-agree': '#1f6f4a',
    '--parley-unsure': '#6a6f6f',
    '--parley-disagree': '#a04a1d',
  },
  dark: {
    '--mantine-color-body': dark[7],
    '--mantine-color-text': dark[0],
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-anchor': 'var(--mantine-primary-color-filled)',
    '--mantine-color-error': '#f4998f',
    '--mantine-color-placeholder': '#99a1a5',
    '--mantine-color-default-border': dark[4],
    '--parley-surface': '#1f2326',
    '--parley-sunken': '#131618',
    '--parley-line': '#30363a',
    '--parley-focus': '#f2f4f4',
    '--parley-warn': '#f0c878',
    '--parley-warn-ground': '#352b16',
    '--parley-error-ground': '#3a211e',
    '--parley-agree': '#7fcea6',
    '--parley-unsure': '#a2a9ac',
    '--parley-disagree': '#efa77c',
  },
});

interface LookProps {
  accent?: string;
  /** The page's nonce: the styles that the theme writes carry it. */
  nonce?: string;
  children: ReactNode;
}

/** Gives everything inside it the look. The scheme, light or dark, is kept by the browser. */
export function Look({ accent = ownAccent, nonce, children }: LookProps) {
  const theme = useMemo(() => themeOf(accent), [accent]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      {...(nonce && { getStyleNonce: () => nonce })}
    >
      {children}
    </MantineProvider>
  );
}
