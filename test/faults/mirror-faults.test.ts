import { describeFaults } from "./fault.ts";
import { mirrorFaults } from "./mirror-faults.ts";

describeFaults("mirror", mirrorFaults);
