import { describeFaults } from "./fault.ts";
import { registerFaults } from "./register-faults.ts";

describeFaults("register", registerFaults);
