// SPDX-License-Identifier: AGPL-3.0-or-later
/** In the place of the library that notes what goes on: nothing of a call is noted anywhere. */

export default function quiet() {
  return Object.assign(() => {}, { enabled: false });
}
