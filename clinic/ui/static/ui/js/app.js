/** The shared behaviour of every page. Each module finds what it needs by a data attribute and survives htmx swaps. */
import { installHtmx } from './htmx-setup.js';
import { installShortcuts } from './shortcuts.js';
import { installComboboxes } from './combobox.js';
import { installToasts } from './toasts.js';
import { installDialogs } from './dialogs.js';
import { installGuard } from './guard.js';
import { installForms } from './forms.js';
import { installSignedOut } from './signed-out.js';
import { installTheme } from './theme.js';

installHtmx();
installTheme(); // before the guard and the forms: it answers its own submit
installToasts();
installShortcuts();
installComboboxes();
installDialogs();
installGuard();
installForms();
installSignedOut();
document.documentElement.dataset.ready = '';
