import { baseImageFaults } from "./base-image-faults.ts";
import { describeFaults } from "./fault.ts";

describeFaults("base-image", baseImageFaults);
