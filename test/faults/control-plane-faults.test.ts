import { controlPlaneFaults } from "./control-plane-faults.ts";
import { describeFaults } from "./fault.ts";

describeFaults("control-plane", controlPlaneFaults);
