// Everything that screens are built of. Wrappers over Base UI: accessible, in the tokens of style.css, with types of our own, so that
// the library underneath can be changed in this folder alone.

export { Avatar, type AvatarProps, Badge, type BadgeProps, initials, type Tone } from "./badge";
export { Banner, type BannerProps, Callout, type CalloutProps } from "./banner";
export {
  Button,
  type ButtonProps,
  type ButtonSize,
  type ButtonVariant,
  buttonClass,
  IconButton,
  type IconButtonProps,
} from "./button";
export {
  Checkbox,
  type CheckboxProps,
  RadioGroup,
  type RadioGroupProps,
  type RadioOption,
  Switch,
  type SwitchProps,
} from "./choice";
export { classNames } from "./class-names";
export { Combobox, type ComboboxProps } from "./combobox";
export { type Column, DataTable, type DataTableProps } from "./data-table";
export {
  AlertDialog,
  type AlertDialogProps,
  ConfirmDialog,
  type ConfirmDialogProps,
  Dialog,
  type DialogProps,
} from "./dialog";
export {
  Field,
  FieldGroup,
  type FieldGroupProps,
  type FieldProps,
  Input,
  type InputProps,
  TextArea,
  type TextAreaProps,
} from "./field";
export { Kbd, type KbdProps } from "./kbd";
export { Marked, type MarkedProps } from "./marked";
export { Menu, type MenuItem, type MenuProps } from "./menu";
export { PersonName, type PersonNameProps } from "./person-name";
export { Popover, type PopoverProps } from "./popover";
export { RoleBadge, type RoleBadgeProps, sideOfRole } from "./role-badge";
export { Select, type SelectOption, type SelectProps } from "./select";
export { Spinner, type SpinnerProps } from "./spinner";
export {
  EmptyState,
  type EmptyStateProps,
  ErrorState,
  type ErrorStateProps,
  ForbiddenState,
  type ForbiddenStateProps,
  Skeleton,
  SkeletonRows,
} from "./states";
export { type TabItem, TabPanel, Tabs, type TabsProps } from "./tabs";
export { Tooltip, type TooltipProps } from "./tooltip";
export { harmless, plain, UntrustedText, type UntrustedTextProps } from "./untrusted";
export { VisuallyHidden } from "./visually-hidden";
