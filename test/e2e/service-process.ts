/** One of the product's services as a process: authors' tests start them in the same way. */
export { type ServiceName, type ServiceProcess, startServiceProcess } from 'chatlane-test/service-process'
