/**
 * Who may import whom. The lint rules are made from these two lists; docs/architecture.md says why.
 */

/** Each package of ours, and those of ours it may import. */
export const packages = {
  contracts: [],
  insight: [],
  ui: [],
  postgres: [],
  client: ['contracts'],
  server: ['contracts', 'insight', 'postgres'],
  web: ['contracts', 'client', 'ui'],
  crowd: ['contracts', 'client'],
  e2e: ['contracts', 'client'],
};

/** The features, lowest first: a folder of the server imports folders of earlier lines only. */
export const layers = [
  ['platform'],
  ['people'],
  ['reach'],
  ['contributions'],
  ['media'],
  ['loop'],
  ['recognition'],
  ['door'],
  ['live', 'activities', 'commons'],
  ['analysis'],
  ['care'],
];

/** Folders of the web that the server has no counterpart of. */
export const webOnly = ['demo'];

const features = layers.flat().filter((name) => name !== 'platform');
const pages = [...features, ...webOnly];

/** @typedef {{ regex: string, message: string }} Ban of what an import names */

/** @returns {Ban} */
const packageBan = (/** @type {string} */ name, /** @type {readonly string[]} */ allowed) => {
  const may = [name, ...allowed].join('|');
  return {
    regex: `^@parley/(?!(${may})(/|$))|^(\\.\\./)+((apps|libs)/|(${Object.keys(packages).join('|')})/src/)`,
    message: `${name} may import ${allowed.length ? `only ${allowed.join(', ')} of ours, by its package name` : 'nothing of ours'}.`,
  };
};

/** @returns {Ban[]} */
const folderBans = (/** @type {string[]} */ folders, /** @type {string} */ message) =>
  folders.length ? [{ regex: `^(\\.\\./)+(${folders.join('|')})(/|$)`, message }] : [];

/** @returns {Ban[]} */
function serverBans(/** @type {string} */ folder) {
  const level = layers.findIndex((layer) => layer.includes(folder));
  const others = layers.flat().filter((name) => name !== folder);
  const higher = layers
    .slice(level)
    .flat()
    .filter((name) => name !== folder);
  return [
    ...folderBans(higher, `${folder} may import only what stands below it: see tools/boundaries.mjs.`),
    {
      regex: `^(\\.\\./)+(${others.join('|')})/.*\\.tables(\\.js)?$`,
      message: 'The tables of a feature are its own: call its service.',
    },
    {
      regex: '^(\\.\\./)+(app\\.module|main|seed)(\\.js)?$',
      message: 'What joins the features is not for the features.',
    },
  ];
}

const refuse = (/** @type {string} */ selector, /** @type {string} */ message) => ({ selector, message });

const everywhere = [refuse('ExportAllDeclaration', 'No barrels: import from the file that has it.')];

const setsTenant = '/\\bSET\\s+(LOCAL\\s+|SESSION\\s+)?app\\./i';
const stores = '/^(em|tx|db|.*[mM]anager|.*[rR]epo(sitory)?)$/';
const saveMessage = 'save() writes more than it is told: use insert or update.';
const server = [
  refuse("ImportSpecifier[imported.name='forwardRef']", 'Two that need each other are one, or one is lower.'),
  refuse(
    ":matches(MethodDefinition, PropertyDefinition)[key.name='handleConnection'][value.async=true]",
    'A rejection here ends the process: let people in with a Socket.IO middleware.',
  ),
  ...[`Literal[value=${setsTenant}]`, `TemplateElement[value.raw=${setsTenant}]`].map((selector) =>
    refuse(selector, 'SET outlives the transaction and leaks a tenant: use set_config(…, true).'),
  ),
  refuse(
    ":matches(Property[key.name='synchronize']:not([value.value=false]), CallExpression[callee.property.name='synchronize'])",
    'The schema changes by migrations alone.',
  ),
  refuse(`CallExpression[callee.property.name='save'][callee.object.name=${stores}]`, saveMessage),
  refuse(`CallExpression[callee.property.name='save'][callee.object.property.name=${stores}]`, saveMessage),
  refuse(
    "CallExpression[callee.property.name='save'][callee.object.callee.property.name='getRepository']",
    saveMessage,
  ),
];

const spoken = '/^(aria-label|aria-description|alt|title|placeholder|label|description)$/';
const wording = 'Words that people see come from the language files.';
const page = [
  refuse('JSXText[value=/\\p{L}/u]', wording),
  refuse(':matches(JSXElement, JSXFragment) > JSXExpressionContainer > Literal[value=/\\p{L}/u]', wording),
  refuse(`JSXAttribute[name.name=${spoken}] > Literal[value=/\\p{L}/u]`, wording),
];

/**
 * One configuration for the given files: whichever matches last says all that is refused there.
 * @param {string[]} files
 * @param {Ban[]} bans
 * @param {{ selector: string, message: string }[]} syntax
 */
function area(files, bans, syntax = []) {
  // The core rule does not look at import(), nor at types imported in place.
  const dynamic = bans.flatMap(({ regex, message }) => {
    const pattern = `/${regex.replaceAll('/', '\\/')}/`;
    return [`ImportExpression > Literal[value=${pattern}]`, `TSImportType Literal[value=${pattern}]`].map(
      (selector) => refuse(selector, message),
    );
  });
  return {
    files,
    rules: {
      'no-restricted-imports': ['error', { patterns: bans }],
      'no-restricted-syntax': ['error', ...everywhere, ...syntax, ...dynamic],
    },
  };
}

const tests = '*.spec.{ts,tsx}';
const code = '*.{ts,tsx,mts,mjs}';

/** The lint configurations made from the lists; later ones are for narrower places. */
export const boundaries = [
  area([`**/${code}`], []),
  ...['contracts', 'insight', 'postgres', 'client'].map((name) =>
    area([`libs/${name}/**/${code}`], [ban(name)]),
  ),
  area([`libs/ui/**/${code}`], [ban('ui')], page),
  area([`libs/ui/**/${tests}`], [ban('ui')]),
  ...['crowd', 'e2e'].map((name) => area([`apps/${name}/**/${code}`], [ban(name)])),

  area([`apps/server/**/${code}`], [ban('server')], server),
  area(['apps/server/test/**', `apps/server/**/${tests}`], [serverTestBan()], server),
  ...layers
    .flat()
    .flatMap((folder) => [
      area([`apps/server/src/${folder}/**/${code}`], [ban('server'), ...serverBans(folder)], server),
      area(
        [`apps/server/src/${folder}/**/${tests}`],
        [serverTestBan(), ...serverBans(folder).filter(({ regex }) => !regex.includes('seed'))],
        server,
      ),
    ]),

  area([`apps/web/**/${code}`], [ban('web')], page),
  area(
    [`apps/web/src/platform/**/${code}`],
    [ban('web'), ...folderBans(['app', ...pages], 'platform knows no feature.')],
    page,
  ),
  ...pages.map((folder) =>
    area(
      [`apps/web/src/${folder}/**/${code}`],
      [
        ban('web'),
        ...folderBans(
          ['app', ...pages.filter((name) => name !== folder)],
          'Features of the web do not import each other: app/ joins them.',
        ),
      ],
      page,
    ),
  ),
  area([`apps/web/**/${tests}`], [ban('web')]),
];

function ban(/** @type {string} */ name) {
  return packageBan(name, packages[/** @type {keyof typeof packages} */ (name)]);
}

function serverTestBan() {
  return packageBan('server', [...packages.server, 'client']);
}
