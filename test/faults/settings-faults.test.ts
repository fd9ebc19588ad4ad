import { describeFaults } from "./fault.ts";
import { settingsFaults } from "./settings-faults.ts";

describeFaults("settings", settingsFaults);
